import { Command, InvalidArgumentError } from 'commander';
import { durationText } from '../config/keep.js';
import { milliseconds } from '../dag/duration.js';
import type { Duration } from '../dag/duration.js';
import { ALL_TABLES } from '../lake/all-tables.js';
import { collectGarbage } from '../lake/gc/collect-garbage.js';
import { byKind } from '../lake/gc/gc-report.js';
import type { GcReport, Judged, Tally } from '../lake/gc/gc-report.js';
import { openStore } from '../lake/open-store.js';
import { commandConfig } from './command-config.js';
import { drawTable } from './table.js';

interface GcOptions {
  readonly dryRun?: true;
  readonly json?: true;
  readonly runs?: Duration;
  readonly grace?: Duration;
}

export const gcCommand = (): Command =>
  new Command('gc')
    .description(
      'Removes what no run within the retention, no table and no revert needs. What is found unused is condemned, and ' +
        'goes with a later gc, a grace period on: run it every day. Safe beside running work.',
    )
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--runs <time>', "how long a run's artifacts stay (default: `keep.runs` of the configuration)", duration)
    .option('--grace <time>', 'how long what is new or condemned stays (default: `keep.grace`)', duration)
    .option('--json', 'as JSON, with every object')
    .action(async (options: GcOptions, command: Command) => {
      const config = await commandConfig(command);
      const runs = options.runs ?? config.keep.runs;
      const grace = options.grace ?? config.keep.grace;
      const report = await collectGarbage(openStore(config.lake, config.s3), {
        tables: ALL_TABLES.map(({ name }) => name),
        runsMs: milliseconds(runs),
        graceMs: milliseconds(grace),
        dryRun: options.dryRun ?? false,
      });
      if (options.json) console.log(JSON.stringify({ ...report, runs, grace }));
      else for (const line of reportLines(report, runs, grace)) console.log(line);
    });

function duration(text: string): Duration {
  const parsed = durationText.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? '');
}

/** A table of what became of each kind, and what comes next. */
export function reportLines(report: GcReport, runs: string, grace: string): readonly string[] {
  const { lake, dryRun, found, removed, condemned, waiting, due, left } = report;
  const [gone, next, open] = [byKind(removed), byKind(condemned), byKind(waiting)];
  const kinds = [...new Set([found, gone, next, open].flatMap(Object.keys))].toSorted();
  const head = ['', 'found', dryRun ? 'would remove' : 'removed', dryRun ? 'would condemn' : 'condemned', 'waiting'];
  const rows = kinds.map((kind) => [kind, ...[found, gone, next, open].map((tallies) => cell(tallies[kind]))]);
  const all = [undefined, removed, condemned, waiting].map((objects) => (objects ? cell(total(objects)) : ''));
  const lines = [`${lake}: runs ${runs}, grace ${grace}`, drawTable(head, [...rows, ['all', ...all]])];
  lines.push(...keptLines(report));
  if (due !== null && waiting.length > 0) lines.push(`what waits may go from ${due} on: run gc again then`);
  if (due !== null && condemned.length > 0) {
    const may = dryRun ? 'what would be condemned could go' : 'what is condemned may go';
    lines.push(`${may} from ${due} on, unless a run uses it before: run gc again then`);
  }
  if (left > 0) lines.push(`${left.toLocaleString('en')} more objects are unused: the next gc goes on with them`);
  return lines;
}

function keptLines({ kept }: GcReport): readonly string[] {
  const reasons: { [why: string]: Tally } = {};
  for (const tallies of Object.values(kept)) {
    for (const [why, { objects, bytes }] of Object.entries(tallies)) {
      const { objects: before = 0, bytes: already = 0 } = reasons[why] ?? {};
      reasons[why] = { objects: before + objects, bytes: already + bytes };
    }
  }
  const parts = Object.entries(reasons).map(([why, tally]) => `${why} ${cell(tally)}`);
  return parts.length === 0 ? [] : [`stays: ${parts.join('; ')}`];
}

const total = (objects: readonly Judged[]): Tally => ({
  objects: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
});

const cell = (tally: Tally | undefined): string =>
  tally === undefined || tally.objects === 0 ? '' : `${tally.objects.toLocaleString('en')} (${size(tally.bytes)})`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** In decimal units: `1.2 MB`. */
function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1_000 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${UNITS[step]}`;
}
