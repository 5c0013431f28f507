import { proxyActivities } from '@temporalio/workflow';
import type { PlainActivities } from './activities.js';
import { CHAIN_LENGTH, FAN_OUT_WIDTH } from './workload.js';

// The same shapes as in `dags.ts`, as one writes them by hand: no cache, no states of tasks to look at, no table in the UI.

const { plainEmpty, plainJoin } = proxyActivities<PlainActivities>({ startToCloseTimeout: '1 hour' });

export async function plainChain(nonce: string): Promise<string> {
  let value = nonce;
  for (let step = 1; step <= CHAIN_LENGTH; step++) value = await plainEmpty(value);
  return value;
}

export async function plainFanOut(nonce: string): Promise<string> {
  const root = await plainEmpty(nonce);
  const children = await Promise.all(Array.from({ length: FAN_OUT_WIDTH }, async () => plainEmpty(root)));
  return plainJoin(children);
}
