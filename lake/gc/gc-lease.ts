import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers';
import { z } from 'zod';
import { PermanentError } from '../../dag/permanent-error.js';
import type { ObjectStore } from '../object-store.js';
import { ObjectNotFound } from '../store-errors.js';

/** Another gc is at work on this lake. */
export class GcBusy extends PermanentError {
  override readonly name = 'GcBusy';
}

/** This gc was held up for so long that another one may have taken its place: it stops where it is. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The right to be the one gc of a lake, as long as it is renewed. */
export interface GcLease {
  /** Names this gc in its verdicts. */
  readonly holder: string;
  /** The store's clock as the lease was taken, in milliseconds since the epoch. */
  readonly now: number;
  /** To be called before every step that another gc must not take as well. Throws `LeaseLost`. */
  check(): void;
  release(): Promise<void>;
}

const LEASES = 'gc/leases/';

/** Begins the names of objects that are there for a moment, to see how the store dates them. */
export const CLOCK = 'gc/clock-';

const LEASE_MS = 600_000;

const leaseKey = (term: number): string => `${LEASES}${String(term).padStart(12, '0')}.json`;
const lease = z.object({ holder: z.string(), released: z.boolean().optional() });

/**
 * Takes the lease of a lake: the next term, which `create` gives to one only. A term is over when it was released or has
 * not been renewed for `leaseMs`, by the store's own clock, so that clocks of machines may differ. Throws `GcBusy`.
 */
export async function takeLease(store: ObjectStore, leaseMs = LEASE_MS): Promise<GcLease> {
  const holder = `gc ${process.pid} ${randomUUID()}`;
  const terms = await termsAfter(store, 0);
  const newest = Math.max(0, ...terms);
  const now = await storeClock(store, holder);
  if (newest > 0) await refuseWhileHeld(store, leaseKey(newest), now, leaseMs);
  const term = newest + 1;
  const key = leaseKey(term);
  let renewedAt = moment();
  if ((await store.create(key, JSON.stringify({ holder }))) === 'exists') throw busy(store, 'another gc was first');
  // Between the two looks others may have come and gone, and have tidied up this very term.
  if ((await termsAfter(store, term)).length > 0) throw busy(store, 'others were first');
  for (const earlier of terms) await store.remove(leaseKey(earlier));

  let lost = false;
  const renew = async (): Promise<void> => {
    const began = moment();
    lost ||= (await termsAfter(store, term)).length > 0;
    if (lost) return;
    await store.write(key, JSON.stringify({ holder }));
    renewedAt = began;
  };
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    // A renewal that fails is seen by `check`, when it is too late for the next one.
    renewal = renewal.then(renew).catch(() => undefined);
  }, leaseMs / 5);
  timer.unref();
  return {
    holder,
    now,
    check() {
      // Half of the term is for what is on its way to the store.
      if (!lost && elapsedSince(renewedAt) < leaseMs / 2) return;
      throw new LeaseLost(`Expected to be the one gc of lake ${store.url}, but the lease was not renewed in time`);
    },
    async release() {
      clearInterval(timer);
      await renewal;
      if (!lost) await store.write(key, JSON.stringify({ holder, released: true }));
    },
  };
}

async function termsAfter(store: ObjectStore, term: number): Promise<readonly number[]> {
  const terms: number[] = [];
  for await (const { key } of store.list(LEASES, leaseKey(term))) {
    terms.push(Number.parseInt(key.slice(LEASES.length), 10));
  }
  return terms.filter((found) => found > term);
}

interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

const moment = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

/** The one clock stands still while a machine sleeps, the other is set by people: the longer time counts. */
const elapsedSince = ({ monotonic, wall }: Moment): number =>
  Math.max(performance.now() - monotonic, Date.now() - wall);

async function refuseWhileHeld(store: ObjectStore, key: string, now: number, leaseMs: number): Promise<void> {
  const info = await store.head(key);
  if (info === undefined) throw busy(store, 'another gc has just begun');
  const until = info.modified.getTime() + leaseMs;
  const bytes = await store.read(key).catch((error: unknown) => {
    throw error instanceof ObjectNotFound ? busy(store, 'another gc has just begun') : error;
  });
  const { holder, released } = lease.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (released !== true && now < until) {
    throw busy(
      store,
      `${holder} renewed its lease at ${info.modified.toISOString()}; where it was killed, try again after ${new Date(until).toISOString()}`,
    );
  }
}

const busy = (store: ObjectStore, why: string): GcBusy =>
  new GcBusy(`Expected to be the one gc of lake ${store.url}: ${why}`);

/** The time by which the store dates its objects. */
async function storeClock(store: ObjectStore, holder: string): Promise<number> {
  const key = `${CLOCK}${holder.replaceAll(' ', '-')}`;
  await store.write(key, holder);
  const found = await store.head(key);
  await store.remove(key);
  return found?.modified.getTime() ?? Date.now();
}
