import { ApplicationFailure, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import type { Dag } from '../dag/dag.js';
import type { DagRun } from '../dag/execute.js';
import type { RunAction } from '../dag/run-control.js';
import { failureOf } from './failure.js';
import { operator, parseRequest } from './operator-request.js';
import type { RunActivities } from './task-call.js';

const onTask = { ...operator, task: z.string() };

/** What an operator's update says, by the update's name. */
const REQUESTS = {
  pause: z.strictObject(operator),
  resume: z.strictObject(operator),
  cancel: z.strictObject(operator),
  release: z.strictObject(operator),
  retry: z.strictObject(onTask),
  skip: z.strictObject(onTask),
  succeed: z.strictObject({ ...onTask, output: z.json() }),
  signal: z.strictObject({ ...onTask, value: z.json() }),
} as const;

const DESCRIPTIONS: { readonly [Name in keyof typeof REQUESTS]: string } = {
  pause: 'Start no more tasks: { who, why }',
  resume: 'Go on after a pause: { who, why }',
  cancel: 'Stop the run: { who, why }',
  release: 'Let held tasks be failures: { who, why }',
  retry: 'Try a held task again: { task, who, why }',
  skip: 'Count a task as skipped: { task, who, why }',
  succeed: 'Count a task as succeeded with an output: { task, output, who, why }',
  signal: 'Send a value to a task that waits for it: { task, value, who, why }',
};

export type UpdateName = keyof typeof REQUESTS;
export const UPDATES: readonly UpdateName[] = [
  'pause',
  'resume',
  'cancel',
  'release',
  'retry',
  'skip',
  'succeed',
  'signal',
];

export type OperatorRequest = {
  readonly who: string;
  readonly why: string;
  readonly task?: string;
  readonly output?: unknown;
  readonly value?: unknown;
};

export const operatorUpdate = (name: UpdateName) => defineUpdate<string, [OperatorRequest]>(name);

const { checkOutput } = proxyActivities<Pick<RunActivities, 'checkOutput'>>({
  startToCloseTimeout: '10 minutes',
  retry: { maximumAttempts: 3 },
});

interface Operated {
  readonly dag: Dag;
  readonly run: DagRun;
  /** The folder of its records. */
  readonly record: string;
}

/** Lets operators act on a run: what cannot be done now is refused before it is part of the run's history. */
export function acceptOperators(dag: Dag, run: DagRun, record: string): void {
  for (const name of UPDATES) {
    setHandler(operatorUpdate(name), async (request) => takeAction({ dag, run, record }, name, request), {
      description: DESCRIPTIONS[name],
      validator: (request) => {
        const refused = run.refusal(actionOf(name, request));
        if (refused !== undefined) throw ApplicationFailure.nonRetryable(refused, 'Refused');
      },
    });
  }
}

async function takeAction({ dag, run, record }: Operated, name: UpdateName, request: OperatorRequest): Promise<string> {
  const action = await withCheckedOutput(dag, record, actionOf(name, request));
  const refused = run.refusal(action);
  // The check took a moment: the task may have ended meanwhile.
  if (refused !== undefined) throw ApplicationFailure.nonRetryable(refused, 'Refused');
  run.act(action, request);
  return 'task' in action ? `${action.do} ${action.task}` : action.do;
}

async function withCheckedOutput(dag: Dag, record: string, action: RunAction): Promise<RunAction> {
  if (action.do !== 'succeed') return action;
  const task = dag.tasks.find(({ id }) => id === action.task);
  const given = { activity: task?.activity ?? action.task, ofMap: task?.kind.is === 'map', output: action.output };
  try {
    return { ...action, output: await checkOutput({ ...given, record }) };
  } catch (error) {
    const { type, message } = failureOf(error, dag.tasks);
    throw ApplicationFailure.nonRetryable(message, type);
  }
}

function actionOf(name: UpdateName, request: unknown): RunAction {
  const { who: _who, why: _why, ...said } = parseRequest<OperatorRequest>(REQUESTS[name], DESCRIPTIONS[name], request);
  // The update's name and its schema make the action; the compiler does not follow one through the other.
  return { do: name, ...said } as RunAction;
}
