import { firstFailure, tookMs, workOf } from '../dag/recorded-run.js';
import type { RecordedOutcome, RecordedRun } from '../dag/recorded-run.js';
import { alignColumns, oneLine } from './columns.js';
import { momentWords, tookWords } from './time-words.js';

export const OUTCOME_MARKS: { readonly [Outcome in RecordedOutcome]: string } = {
  success: '+',
  failed: 'x',
  cancelled: '-',
  running: '>',
  held: '!',
  terminated: 'x',
  timed_out: 'x',
  unfinished: '?',
};

const HEAD = ['', 'date', 'outcome', 'kind', 'started', 'took', 'computed', 'cached', 'run'] as const;

const ERROR_LENGTH = 110;

/** Runs for people, a line each, and below it what it failed with. Of several DAGs, `ventas/2026-11-16` for the date. */
export function runLines(runs: readonly RecordedRun[], ofOneDag: boolean): string[] {
  const rows = runs.map((run) => {
    const { computed, cached } = workOf(run);
    const date = run.fecha ?? 'undated';
    return [
      OUTCOME_MARKS[run.outcome],
      ofOneDag ? date : `${run.dag}/${date}`,
      run.outcome,
      run.origin?.kind ?? '',
      momentWords(run.startedAt),
      tookWords(tookMs(run)).padStart(8),
      computed,
      cached,
      run.runId,
    ];
  });
  const [head = '', ...lines] = alignColumns([HEAD, ...rows]);
  return [head, ...lines.flatMap((line, i) => [line, ...troubleOf(runs[i])])].map((line) => `  ${line}`.trimEnd());
}

function troubleOf(run: RecordedRun | undefined): string[] {
  if (run === undefined) return [];
  if (run.outcome === 'success') return [];
  const failure = firstFailure(run);
  if (failure === undefined) return [];
  const { task, type, message } = failure;
  const why = type === undefined ? '' : `: ${type}: ${message}`;
  return [`   ${oneLine(`${task}${why}`, ERROR_LENGTH)}`];
}

/** What the marks of runs without an end mean, where there is one. */
export const UNFINISHED = '  ? unfinished: it left no record of its end, so it is at work, or was killed';
