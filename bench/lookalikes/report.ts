import { drawTable } from '../../cli/table.js';
import { median } from '../orchestrator/results.js';
import type { Contender, Figures } from './contender.js';

/** All runs of a contender, in the order of the rounds; undefined where it failed or sat one out. */
export interface Series {
  readonly contender: Pick<Contender, 'key' | 'name'>;
  readonly runs: readonly (Figures | undefined)[];
}

export interface Result {
  readonly key: string;
  readonly name: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly peakMiB: number | null;
  readonly cpuSeconds: number | null;
  readonly questionSeconds: number;
  /** Medians of ours over its figure in the same round: below 1 ours took less. Null of ours itself. */
  readonly ours: {
    readonly seconds: number;
    readonly peakMiB: number | null;
    readonly cpuSeconds: number | null;
  } | null;
  readonly steps: { readonly [step: string]: number };
}

const OURS = 'segmenta';

/** Medians, and ratios of what was measured in the same round. Who never ran is left out. */
export function summarize(series: readonly Series[]): Result[] {
  const base = series.find(({ contender }) => contender.key === OURS)?.runs ?? [];
  return series.flatMap(({ contender: { key, name }, runs }): Result[] => {
    const ran = runs.filter((run) => run !== undefined);
    const [first] = ran;
    if (first === undefined) return [];
    const pairs = runs.flatMap((run, i) => {
      const our = base[i];
      return run === undefined || our === undefined ? [] : [{ our, run }];
    });
    const steps = Object.keys(first.steps).map((step) => [step, median(ran.map((run) => run.steps[step] ?? 0))]);
    return [
      {
        key,
        name,
        rounds: ran.length,
        seconds: median(ran.map((run) => run.seconds)),
        peakMiB: medianOfKnown(ran.map((run) => run.peakMiB)),
        cpuSeconds: medianOfKnown(ran.map((run) => run.cpuSeconds)),
        questionSeconds: median(ran.map((run) => run.questionSeconds)),
        ours:
          key === OURS || pairs.length === 0
            ? null
            : {
                seconds: median(pairs.map(({ our, run }) => our.seconds / run.seconds)),
                peakMiB: ratioOf(pairs, (run) => run.peakMiB),
                cpuSeconds: ratioOf(pairs, (run) => run.cpuSeconds),
              },
        steps: Object.fromEntries(steps),
      },
    ];
  });
}

function ratioOf(
  pairs: readonly { readonly our: Figures; readonly run: Figures }[],
  of: (run: Figures) => number | null,
): number | null {
  const ratios = pairs.map(({ our, run }) => {
    const [ours, its] = [of(our), of(run)];
    return ours === null || its === null ? null : ours / its;
  });
  return medianOfKnown(ratios);
}

function medianOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}

const HEAD = 'contender,rounds,median s,CPU s,peak MiB,ours: times its s,its CPU s,its MiB,1000 questions s'.split(',');

/** The results for a terminal. */
export function drawResults(results: readonly Result[], absent: { readonly [name: string]: string }): string {
  const rows = results.map(({ name, rounds, seconds, cpuSeconds, peakMiB, ours, questionSeconds }) => [
    name,
    rounds,
    seconds,
    cpuSeconds,
    peakMiB,
    ours?.seconds ?? null,
    ours?.cpuSeconds ?? null,
    ours?.peakMiB ?? null,
    questionSeconds,
  ]);
  const steps = results.map(({ name, steps }) => {
    const all = Object.entries(steps).map(([step, seconds]) => `${step} ${seconds.toFixed(1)}`);
    return `${name}: ${all.join(', ')}`;
  });
  const missing = Object.entries(absent).map(([name, reason]) => `ABSENT: ${name}: ${reason}`);
  return [drawTable(HEAD, rows), '', 'median seconds of the steps:', ...steps, ...missing].join('\n');
}
