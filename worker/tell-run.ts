import { Context } from '@temporalio/activity';
import type { RunEvent } from '../dag/run-event.js';
import type { RunRecord } from '../dag/run-record.js';
import { DAGS } from '../workflows/dags.js';
import { sayLine } from './log.js';
import { eventLine, runLine, runObservations } from './run-report.js';
import type { Telemetry } from './telemetry.js';

/** Told of once, by the first attempt, whatever keeps the rest of its activity from being done. */
const isFirst = (): boolean => Context.current().info.attempt === 1;

/** Logs and counts the end of a run. Called by an activity. */
export function tellEnd({ log, meter }: Telemetry, run: RunRecord): void {
  if (!isFirst()) return;
  meter.observe(runObservations(run, DAGS[run.dag]?.deadline));
  sayLine(log, runLine(run));
}

/** Logs an event that so many callbacks will get; counts missed deadlines. Called by an activity. */
export function tellEvent({ log, meter }: Telemetry, event: RunEvent, callbacks: number): void {
  if (!isFirst()) return;
  sayLine(log, eventLine(event, callbacks));
  if (event.event !== 'deadline') return;
  const labels = { dag: event.dag, kind: event.kind };
  meter.observe([{ metric: 'segmenta_deadlines_missed_total', value: 1, labels }]);
}
