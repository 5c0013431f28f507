import { createHash } from 'node:crypto';
import type { RunEvent } from '../../dag/run-event.js';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER, signature } from './signature.js';

export const EVENT_HEADER = 'X-Segmenta-Event';
export const DELIVERY_HEADER = 'X-Segmenta-Delivery';

export interface CallbackRequest {
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

/** What is sent for an event at `now`. Attempts differ in timestamp and signature only. */
export function callbackRequest(event: RunEvent, secret: string | undefined, now: Date): CallbackRequest {
  const body = eventBody(event);
  const timestamp = Math.floor(now.getTime() / 1000);
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'segmenta',
      [EVENT_HEADER]: event.event,
      [DELIVERY_HEADER]: deliveryId(event),
      [TIMESTAMP_HEADER]: String(timestamp),
      ...(secret === undefined ? {} : { [SIGNATURE_HEADER]: signature(secret, timestamp, body) }),
    },
  };
}

/** The same for every attempt, and for no other event of any run: 32 hex digits. */
export const deliveryId = ({ runId, event }: Pick<RunEvent, 'runId' | 'event'>): string =>
  createHash('sha256')
    .update(JSON.stringify([runId, event]))
    .digest('hex')
    .slice(0, 32);

/** Field by field: in one order, and without what an event may carry beside its own fields. */
function eventBody(event: RunEvent): string {
  const { dag, fecha, kind, workflowId, runId, at, headline, url, deadline } = event;
  const failedTasks = event.failedTasks.map(({ task, type, message }) => ({ task, type, message }));
  return JSON.stringify({
    event: event.event,
    dag,
    fecha,
    kind,
    workflowId,
    runId,
    at,
    headline,
    failedTasks,
    url,
    deadline,
  });
}
