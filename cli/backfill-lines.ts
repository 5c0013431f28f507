import { backfillHeadline, countsLine, datesIn } from '../dag/backfill-state.js';
import type { BackfillState, DateState } from '../dag/backfill-state.js';
import { roughly, timeLeft } from '../dag/backfill-time-left.js';
import { noteOf } from '../dag/draw-backfill.js';
import { seconds } from '../dag/draw-run.js';

const MARKS = {
  waiting: ' ',
  running: '>',
  held: '!',
  success: '+',
  cached: '+',
  failed: 'x',
  cancelled: '-',
  refused: '-',
} as const;

/** What an operator calls it: one that Temporal calls running may wait for them. */
export function backfillStanding(status: string, { paused, stopped }: BackfillState): string {
  if (status !== 'RUNNING') return status === 'COMPLETED' ? 'success' : status.toLowerCase();
  if (stopped !== undefined) return 'cancelling';
  return paused ? 'paused' : 'running';
}

const dateLine = (fecha: string, date: DateState): string =>
  `  ${MARKS[date.state]} ${fecha}  ${date.state.padEnd(9)} ${seconds(date).padStart(8)}  ${noteOf(date)}`.trimEnd();

/** A backfill for people: figures, its dates, what operators did, and what it waits for them to do. */
export function backfillLines(title: string, backfill: BackfillState, now: number): string[] {
  const said = backfill.audit.map(
    ({ at, who, why, action }) => `  * ${new Date(at).toISOString()} ${action} by ${who}: ${why}`,
  );
  const next = datesIn(backfill, 'held').map(
    (fecha) => `  next: segmenta status ${backfill.dag} --fecha ${fecha}, then retry, skip, succeed or release`,
  );
  return [
    title,
    `  ${figuresLine(backfill, now)}`,
    ...Object.entries(backfill.dates).map(([fecha, date]) => dateLine(fecha, date)),
    ...said,
    ...(backfill.paused ? ['  next: resume'] : []),
    ...next,
  ];
}

export function figuresLine(backfill: BackfillState, now: number): string {
  const left = timeLeft(backfill, now);
  const isAtWork = datesIn(backfill, 'running', 'held', 'waiting').length > 0;
  const rest = isAtWork ? `; ${backfill.maxRuns} at once${left === undefined ? '' : `, ${roughly(left)} left`}` : '';
  return `${countsLine(backfill)}${rest}`;
}

/** What changed from one state of a backfill to the next: a line for a date that started or settled. */
export function backfillProgress(before: BackfillState | undefined, after: BackfillState): string[] {
  const said = after.audit
    .slice(before?.audit.length ?? 0)
    .map(({ who, why, action }) => `  * ${action} by ${who}: ${why}`);
  const dates = Object.entries(after.dates).flatMap(([fecha, date]) => {
    const was = before?.dates[fecha]?.state ?? 'waiting';
    return date.state === was ? [] : [dateLine(fecha, date)];
  });
  return [...said, ...dates];
}

/** The last line of a backfill that ended: `segmentation/2017: failed, 40 dates: 38 success, 2 failed`. */
export function backfillEndLine(backfill: BackfillState, outcome: string): string {
  const headline = outcome === 'failed' ? `\n${backfillHeadline(backfill)}` : '';
  return `${backfill.id}: ${outcome}, ${countsLine(backfill)}${headline}`;
}
