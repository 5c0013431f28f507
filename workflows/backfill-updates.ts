import { ApplicationFailure, defineUpdate, setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import { backfillRefusal, describeBackfillAction } from '../dag/backfill-control.js';
import type { BackfillAction } from '../dag/backfill-control.js';
import type { BackfillState } from '../dag/backfill-state.js';
import type { Operator } from '../dag/run-control.js';
import { operator, parseRequest } from './operator-request.js';

/** What an operator's update of a backfill says, by the update's name. */
const REQUESTS = {
  pause: z.strictObject(operator),
  resume: z.strictObject(operator),
  cancel: z.strictObject({ ...operator, keepRunning: z.boolean().default(false) }),
  resize: z.strictObject({ ...operator, maxRuns: z.number() }),
} as const;

const DESCRIPTIONS: { readonly [Name in keyof typeof REQUESTS]: string } = {
  pause: 'Start no more dates: { who, why }',
  resume: 'Go on after a pause: { who, why }',
  cancel: 'Stop, and cancel the runs that it started, or leave them to go on: { keepRunning, who, why }',
  resize: 'Run more or fewer dates at once: { maxRuns, who, why }',
};

export type BackfillUpdateName = keyof typeof REQUESTS;

export const BACKFILL_UPDATES: readonly BackfillUpdateName[] = ['pause', 'resume', 'cancel', 'resize'];

export interface BackfillRequest extends Operator {
  readonly keepRunning?: boolean;
  readonly maxRuns?: number;
}

export const backfillUpdate = (name: BackfillUpdateName) => defineUpdate<string, [BackfillRequest]>(name);

/** Lets operators act on a backfill: what cannot be done now is refused before it is part of its history. */
export function acceptBackfillOperators(
  state: () => BackfillState,
  act: (action: BackfillAction, operator: Operator) => void,
): void {
  for (const name of BACKFILL_UPDATES) {
    setHandler(
      backfillUpdate(name),
      (request) => {
        const { action, operator } = requestOf(name, request);
        act(action, operator);
        return describeBackfillAction(action);
      },
      {
        description: DESCRIPTIONS[name],
        validator: (request) => {
          const refused = backfillRefusal(state(), requestOf(name, request).action);
          if (refused !== undefined) throw ApplicationFailure.nonRetryable(refused, 'Refused');
        },
      },
    );
  }
}

function requestOf(name: BackfillUpdateName, request: unknown): { action: BackfillAction; operator: Operator } {
  const { who, why, ...said } = parseRequest<Operator>(REQUESTS[name], DESCRIPTIONS[name], request);
  // The update's name and its schema make the action; the compiler does not follow one through the other.
  return { action: { do: name, ...said } as BackfillAction, operator: { who, why } };
}
