import {
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  defineQuery,
  isCancellation,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Dag } from '../dag/dag.js';
import { runDue } from '../dag/deadline.js';
import { drawRun } from '../dag/draw-run.js';
import { startDag } from '../dag/execute.js';
import type { DagRun, RunResult } from '../dag/execute.js';
import { checkPlan } from '../dag/run-plan.js';
import type { RunPlan } from '../dag/run-plan.js';
import { failureHeadline, initialState, runOutcome, tasksIn } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import { recordFolder } from '../dag/run-record.js';
import { announceEnd, watchDeadline } from './announcements.js';
import { tellBackfill } from './backfill-signals.js';
import { acceptOperators } from './operator-updates.js';
import { refusing } from './refusing.js';
import { originOf, planOf } from './run-options.js';
import type { RunOptions } from './run-options.js';
import { backfillKey, dagKey, failedTaskKey, fechaKey, runKindKey } from './search-attributes.js';
import { standstillTimer } from './standstill.js';
import type { RunActivities } from './task-call.js';
import { temporalExecutor } from './temporal-executor.js';

/** Every task's state; what the CLI shows while a run goes on. */
export const progressQuery = defineQuery<RunState>('progress');
/** What a task gave: `undefined` where it has not succeeded. */
export const outputQuery = defineQuery<unknown, [task: string]>('output');

/** The result of a run, short enough to be read where Temporal UI shows it. */
export interface RunSummary {
  readonly dag: string;
  readonly fecha: string | null;
  /** "3 of 7 tasks": the rest was there already, or was not run. */
  readonly computed: string;
  readonly computedTasks: number;
  /** What each task made, in its own words. */
  readonly made: { readonly [task: string]: string };
  readonly outputs: { readonly [name: string]: unknown };
}

const { cancelRun } = proxyLocalActivities<Pick<RunActivities, 'cancelRun'>>({ startToCloseTimeout: '10 seconds' });

/** Type of the failure with which a run ends when a task failed. */
const RUN_FAILED = 'TaskFailed';

/**
 * The Temporal workflow that runs a DAG. Its arguments are the run's parameters, and what it does with them beyond the
 * whole of the DAG; both are checked here too, since anyone may start a workflow. It ends after every branch has settled:
 * a failure then names the first task that failed and why.
 */
export function dagWorkflow<Params>(dag: Dag<Params>): (params: unknown, options?: RunOptions) => Promise<RunSummary> {
  return async (given, options = {}) => {
    const params = parseParams(dag, given);
    const plan = parsePlan(dag, options);
    const origin = originOf(options);
    const fecha = typeof params['fecha'] === 'string' ? params['fecha'] : null;
    const { workflowId, runId, startTime } = workflowInfo();
    const record = recordFolder(dag.id, fecha, runId);
    // Of a past date that a backfill computes anew, everybody knows that it is late.
    const isDue = origin.kind !== 'backfill';
    const due = isDue ? refusing(`parameters of ${dag.id}`, () => runDue(dag.deadline, fecha, params)) : undefined;
    upsertSearchAttributes([
      { key: dagKey, value: dag.id },
      { key: runKindKey, value: origin.kind },
      ...(origin.kind === 'backfill' ? [{ key: backfillKey, value: origin.backfill }] : []),
      ...(fecha === null ? [] : [{ key: fechaKey, value: fecha }]),
    ]);

    const show = { state: initialState(dag, plan), missed: '' };
    const draw = (): void => setCurrentDetails(show.missed + drawRun(show.state));
    setHandler(progressQuery, () => show.state, { description: "Every task's state" });
    const standstill = standstillTimer();
    const backfill = tellBackfill(origin, fecha);
    let failedTask: string | undefined;
    draw();

    const run = startDag(
      dag,
      params,
      {
        ...temporalExecutor(dag, {
          run: { id: `${workflowId}/${runId}`, record },
          fecha,
          priority: plan.priority,
          ...(plan.reuse === undefined ? {} : { reuse: plan.reuse }),
        }),
        onChange: (changed) => {
          show.state = changed;
          draw();
          standstill.follow(changed);
          backfill.follow(changed);
          const [failed] = tasksIn(changed, 'failed', 'held');
          if (failed === failedTask) return;
          failedTask = failed;
          upsertSearchAttributes([{ key: failedTaskKey, value: failed ?? null }]);
        },
      },
      plan,
    );
    setHandler(outputQuery, (task) => run.output(task), { description: 'What a task gave: its id' });
    acceptOperators(dag, run, record);
    const root = CancellationScope.current();
    stopOnCancellation(run);
    const event = { dag, fecha, params, origin, due };
    const deadline = watchDeadline(event, (headline) => {
      show.missed = `⏰ **${headline}**\n\n`;
      draw();
    });

    const result = await run.ended;
    // A run that was cancelled leaves its record, too.
    return CancellationScope.nonCancellable(async () => {
      await deadline.end();
      standstill.end();
      await condition(allHandlersFinished);
      await announceEnd(event, { record, result, plan, startedAt: startTime });
      if (runOutcome(dag, result.state) === 'cancelled') await bringAboutCancellation(root);
      return conclude(dag, fecha, result);
    });
  };
}

function conclude(dag: Dag, fecha: string | null, { state, outputs }: RunResult): RunSummary {
  const outcome = runOutcome(dag, state);
  if (outcome === 'failed') {
    throw ApplicationFailure.create({ message: failureHeadline(state), type: RUN_FAILED, nonRetryable: true });
  }
  if (outcome === 'cancelled') throw new CancelledFailure(`The run of ${dag.id} was cancelled`);
  return summarize(state, fecha, outputs);
}

/** Only a workflow that the server was asked to cancel can end as cancelled; one that an operator stopped asks itself. */
export async function bringAboutCancellation(root: CancellationScope): Promise<void> {
  if (root.consideredCancelled) return;
  const { workflowId, runId } = workflowInfo();
  await cancelRun({ workflowId, runId });
  await condition(() => root.consideredCancelled, '1 minute');
}

/** Temporal's own cancellation calls off what runs; nothing more is to start. */
function stopOnCancellation(run: DagRun): void {
  CancellationScope.current().cancelRequested.catch((error: unknown) => {
    if (isCancellation(error)) run.stop();
  });
}

function parseParams<Params>(dag: Dag<Params>, given: unknown): { readonly [name: string]: unknown } {
  return refusing(`parameters of ${dag.id}`, () => {
    // A DAG's parameters are named: its tasks take them by name.
    return dag.params.parse(given) as { readonly [name: string]: unknown };
  });
}

function parsePlan(dag: Dag, given: RunOptions): RunPlan {
  return refusing(`options of the run of ${dag.id}`, () => {
    const plan = planOf(dag, given);
    checkPlan(dag, plan);
    return plan;
  });
}

function summarize(run: RunState, fecha: string | null, outputs: RunSummary['outputs']): RunSummary {
  const tasks = Object.entries(run.tasks).filter(([, { state }]) => state !== 'excluded');
  const computed = tasks.filter(([, { state, cached }]) => state === 'success' && cached !== true).length;
  const made = tasks.map(([id, { state, note, cached }]) => [
    id,
    `${state === 'success' ? '' : `${state}: `}${note ?? ''}${cached === true ? ' (cached)' : ''}`,
  ]);
  return {
    dag: run.dag,
    fecha,
    computed: `${computed} of ${tasks.length} tasks`,
    computedTasks: computed,
    made: Object.fromEntries(made),
    outputs,
  };
}
