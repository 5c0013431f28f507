import { median } from '../orchestrator/results.js';
import type { RowResult } from './measure-row.js';
import type { AtSize } from './row.js';

/** By how much the time of a row of data may grow from one size to the next: what a busy machine does to a single run. */
const TOLERANCE = 0.15;

interface Point extends AtSize {
  readonly seconds: number;
  readonly peakMiB: number | null;
}

/** Of every work that was measured at several sizes: time by rows, and whether it grows no faster than they do. */
export function growthLines(results: readonly RowResult[]): string[] {
  const points = new Map<string, Point[]>();
  for (const { size, sides } of results) {
    const [ours] = sides;
    if (size === undefined || ours === undefined || ours.seconds.length === 0) continue;
    const point = { ...size, seconds: median(ours.seconds), peakMiB: ours.peakMiB };
    points.set(size.work, [...(points.get(size.work) ?? []), point]);
  }
  return [...points].map(([work, found]) => `- GROWTH: ${work}: ${growthOf(found)}`);
}

function growthOf(points: readonly Point[]): string {
  const sorted = points.toSorted((a, b) => a.millions - b.millions);
  const said = sorted.map(({ millions, seconds, peakMiB }) => {
    const memory = peakMiB === null ? '' : `, ${peakMiB} MiB`;
    return `${millions}M rows ${(seconds / millions).toFixed(2)} s a million${memory}`;
  });
  const steps = sorted.slice(1).map((point, i) => growthFrom(sorted[i] ?? point, point));
  const fastest = Math.max(...steps);
  const grows = `time by rows grows by ${((fastest - 1) * 100).toFixed(0)} % at most from one size to the next`;
  const time = steps.length === 0 ? [] : [`${grows}: ${reached(fastest <= 1 + TOLERANCE)}`];
  return [...said, ...time, ...sorted.slice(-1).flatMap(memoryOf)].join('; ');
}

const growthFrom = (smaller: Point, larger: Point): number =>
  larger.seconds / larger.millions / (smaller.seconds / smaller.millions);

const memoryOf = ({ peakMiB, memoryAtMostMiB }: Point): string[] =>
  peakMiB === null ? [] : [`at most ${memoryAtMostMiB} MiB: ${reached(peakMiB <= memoryAtMostMiB)}`];

const reached = (met: boolean): string => (met ? 'reached' : 'MISSED');
