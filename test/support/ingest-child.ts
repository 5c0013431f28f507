import { BadInput } from '../../lake/bad-input.js';
import { ingest } from './ingest.js';
import type { IngestedFile } from './ingest.js';

// Ingests a source in a process of its own, and tells what it took: `node ingest-child.js <folder> <source as JSON>`.
const [, , folder = '', source = '{}'] = process.argv;
const EVERY_MS = 10;
let last = performance.now();
let longestTurn = 0;
const clock = setInterval(() => {
  const now = performance.now();
  longestTurn = Math.max(longestTurn, now - last - EVERY_MS);
  last = now;
}, EVERY_MS);
const started = performance.now();
const read = await ingest({ folder, source: JSON.parse(source) as object, memory: '512MB' }).catch(
  (error: unknown): { readonly refused: string } => {
    if (error instanceof BadInput) return { refused: error.message };
    throw error;
  },
);
clearInterval(clock);
const figures = {
  ...('refused' in read ? read : told(read)),
  ms: Math.round(performance.now() - started),
  cpuMs: Math.round(process.cpuUsage().user / 1_000),
  /** Of this process, over its life; Node gives it in KiB. */
  peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
  longestTurnMs: Math.round(longestTurn),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);

function told({ raw, path }: IngestedFile): object {
  return { rows: raw.rows, report: raw.report, path };
}
