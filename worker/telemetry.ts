import { pino } from 'pino';
import type { Log } from './log.js';
import type { Meter } from './meter.js';

/** What a worker tells of its work. */
export interface Telemetry {
  readonly log: Log;
  readonly meter: Meter;
}

/** Tells nobody. */
export const SILENT: Telemetry = { log: pino({ level: 'silent' }), meter: { observe: () => {} } };
