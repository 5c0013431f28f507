import { planHash } from '../dag/backfill-plan.js';
import type { BackfillPlan } from '../dag/backfill-plan.js';
import type { ObjectStore } from './object-store.js';

const FOLDER = 'backfills/plans';

/** Keeps a plan under its hash, so that one that is asked for later can be compared with it. */
export async function keepPlan(store: ObjectStore, plan: BackfillPlan): Promise<string> {
  const hash = planHash(plan);
  await store.write(`${FOLDER}/${hash}.json`, JSON.stringify(plan));
  return hash;
}

/** The plan whose hash begins like this; `undefined` where none was kept. Of several, any: a prefix is long. */
export async function keptPlan(store: ObjectStore, prefix: string): Promise<BackfillPlan | undefined> {
  for await (const { key } of store.list(`${FOLDER}/${prefix}`)) {
    // Only `keepPlan` writes there.
    return JSON.parse(Buffer.from(await store.read(key)).toString('utf8')) as BackfillPlan;
  }
  return undefined;
}
