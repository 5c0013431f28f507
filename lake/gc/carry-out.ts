import { contest, doneKey } from '../condemned.js';
import type { Condemnation } from '../condemned.js';
import type { ObjectInfo, ObjectStore } from '../object-store.js';
import type { GcLease } from './gc-lease.js';
import { inLanes } from '../lanes.js';
import type { Survey } from './survey.js';

export interface CarriedOut {
  readonly removed: readonly ObjectInfo[];
  /** A run needed something of their batch at the last moment. */
  readonly kept: readonly ObjectInfo[];
}

/** Batches under way at once: what is under way when a gc is killed has to wait for the next one. */
const BATCHES = 4;

/** The objects of a condemnation that the survey, made after it was published, found to be needed by nobody still. */
export function stillUnused({ batches }: Condemnation, { unused }: Survey): readonly (readonly ObjectInfo[])[] {
  const left = new Map(unused.map((info) => [info.key, info]));
  return batches.map((keys) => keys.flatMap((key) => left.get(key) ?? []));
}

/**
 * Removes what was condemned and is unused still, batch by batch, unless a run was first with its verdict. Where an
 * earlier gc died between its verdict and the end of the batch, this one ends it: the lease says that nobody else will.
 */
export async function carryOut(
  store: ObjectStore,
  condemned: Condemnation,
  survey: Survey,
  lease: GcLease,
): Promise<CarriedOut> {
  const removed: ObjectInfo[] = [];
  const kept: ObjectInfo[] = [];
  const { id } = condemned;
  const doomed = [...stillUnused(condemned, survey).entries()].filter(([, objects]) => objects.length > 0);
  await inLanes(
    doomed,
    async ([batch, objects]) => {
      lease.check();
      const { verdict, won } = await contest(store, id, batch, { verdict: 'remove', by: lease.holder });
      if (verdict === 'keep') {
        kept.push(...objects);
        return;
      }
      // A batch that is done may hold objects again: those are others, made since.
      if (!won && (await store.head(doneKey(id, batch))) !== undefined) return;
      await inLanes(objects, async ({ key }) => {
        lease.check();
        await store.remove(key);
      });
      removed.push(...objects);
      await store.write(doneKey(id, batch), lease.holder);
    },
    BATCHES,
  );
  return { removed, kept };
}
