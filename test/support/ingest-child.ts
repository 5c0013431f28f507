import { ingest } from './ingest.js';

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
const { raw, path } = await ingest({ folder, source: JSON.parse(source) as object, memory: '512MB' });
clearInterval(clock);
const figures = {
  rows: raw.rows,
  report: raw.report,
  path,
  ms: Math.round(performance.now() - started),
  cpuMs: Math.round(process.cpuUsage().user / 1_000),
  /** Of this process, over its life; Node gives it in KiB. */
  peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
  longestTurnMs: Math.round(longestTurn),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
