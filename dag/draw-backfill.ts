import { backfillHeadline, countsLine, datesIn } from './backfill-state.js';
import type { BackfillState, DateState } from './backfill-state.js';
import { roughly, timeLeft } from './backfill-time-left.js';
import { auditOf, seconds } from './draw-run.js';
import { plainText, tableRow } from './markdown.js';

const MARKS = {
  waiting: '⏳ waiting',
  running: '▶️ running',
  held: '✋ **held**',
  success: '✅ success',
  cached: '♻️ cached',
  failed: '❌ **failed**',
  cancelled: '⏹️ cancelled',
  refused: '⛔ refused',
} as const;

/** All of it travels in the address of the page that shows it. */
const ROWS = 60;
const NOTE_LENGTH = 100;

/** A backfill as Markdown for Temporal UI: figures first, then its dates, of many the ones at work and in trouble. */
export function drawBackfill(backfill: BackfillState, now: number): string {
  const dates = Object.keys(backfill.dates);
  const shown = dates.length <= ROWS ? dates : mostUrgent(backfill);
  const left = timeLeft(backfill, now);
  const headline = backfillHeadline(backfill);
  return [
    `**${countsLine(backfill)}**${left === undefined ? '' : `, ${roughly(left)} left`}; ${backfill.maxRuns} at once`,
    '',
    ...standing(backfill),
    ...(headline === '' ? [] : [plainText(headline), '']),
    tableRow(['Date', 'State', 'Time', '']),
    '|---|---|---|---|',
    ...shown.map((fecha) => rowOf(fecha, backfill.dates[fecha] ?? { state: 'waiting' })),
    ...(shown.length === dates.length ? [] : ['', `${dates.length - shown.length} more dates`]),
    ...auditOf(backfill.audit),
  ].join('\n');
}

const rowOf = (fecha: string, date: DateState): string =>
  tableRow([fecha, MARKS[date.state].replaceAll(' ', '\u00A0'), seconds(date), plainText(noteOf(date), NOTE_LENGTH)]);

function standing({ stopped, paused }: BackfillState): string[] {
  if (stopped !== undefined) return ['⏹️ **Cancelled**: nothing more starts', ''];
  return paused ? ['⏸️ **Paused**: no more dates start until it is resumed', ''] : [];
}

/** What there is to say of a date beside its state. */
export function noteOf({ state, computed, joined, error, why }: DateState): string {
  const whose = joined === true ? "another's run" : undefined;
  const made = state === 'success' && computed !== undefined ? `${computed} computed` : undefined;
  return [error?.message, why, made, whose].filter((part) => part !== undefined).join(', ');
}

/** The length of a date's run, once it has ended. */
const URGENCY: readonly DateState['state'][] = [
  'held',
  'failed',
  'running',
  'waiting',
  'cancelled',
  'refused',
  'success',
  'cached',
];

/** The most urgent dates. */
function mostUrgent(backfill: BackfillState): readonly string[] {
  const urgent: string[] = [];
  for (const state of URGENCY) {
    if (urgent.length < ROWS) urgent.push(...datesIn(backfill, state));
  }
  return urgent.slice(0, ROWS);
}
