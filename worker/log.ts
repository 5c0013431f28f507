import { pino } from 'pino';
import type { Logger } from 'pino';
import type { LogLevel } from '../config/log-level.js';
import type { LogLine } from './log-line.js';
import { hiding } from './hidden-values.js';
import { terminalLine } from './terminal-line.js';

export type Log = Logger;

export interface LogOptions {
  readonly level: LogLevel;
  /** Values that are never written. */
  readonly hidden: readonly string[];
  /** Where lines go; a terminal gets them as people read, everything else as JSON. */
  readonly to: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> & Partial<Pick<NodeJS.WriteStream, 'hasColors'>>;
}

/** The worker's log: one line of JSON an event. Written at once, so that nothing is lost where the process ends. */
export function createLog({ level, hidden, to }: LogOptions): Log {
  const hide = hiding(hidden);
  const colours = to.hasColors?.() === true;
  const write = (line: string): void => {
    const shown = hide(line);
    to.write(to.isTTY ? terminalLine(shown, colours) : shown);
  };
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (name) => ({ level: name }) } },
    { write },
  );
}

export const sayLine = (log: Log, { level, fields, message }: LogLine): void => log[level](fields, message);
