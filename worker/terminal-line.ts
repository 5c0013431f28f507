import { styleText } from 'node:util';

const COLOURS: { readonly [level: string]: Parameters<typeof styleText>[0] } = { warn: 'yellow', error: 'red' };

/** Which process it is; on a terminal there is one. */
const ALWAYS = new Set(['level', 'time', 'pid', 'hostname', 'msg']);

/** As wide as the time and the level. */
const INDENT = ' '.repeat(15);

/**
 * A line of the log as a person reads it on a terminal: `09:15:02 warn  …`. What the message of an event of ours says
 * already is not said again; other lines have their fields after it. Further lines are indented, so that none passes for
 * another event; control characters become spaces.
 */
export function terminalLine(json: string, colours: boolean): string {
  // Lines come from our own logger, which writes these.
  const line = JSON.parse(json) as { level: string; time: string; msg?: string; [field: string]: unknown };
  const fields = Object.entries(line)
    .filter(([name]) => !ALWAYS.has(name) && line['event'] === undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const said = [line.msg ?? '', ...fields]
    .join(' ')
    .split(/\r?\n/)
    .map((part) => part.replaceAll(/[\s\p{Cc}]+/gu, ' '))
    .join(`\n${INDENT}`);
  const colour = COLOURS[line.level];
  const level = line.level.padEnd(5);
  const clock = new Date(line.time).toTimeString().slice(0, 8);
  return `${clock} ${colours && colour !== undefined ? styleText(colour, level) : level} ${said}\n`;
}
