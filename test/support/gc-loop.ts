import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { artifactsIn } from '../../dag/artifact.js';
import type { Artifact } from '../../dag/artifact.js';
import { ALL_TABLES } from '../../lake/all-tables.js';
import { readTable } from '../../lake/delta-log.js';
import { collectGarbage } from '../../lake/gc/collect-garbage.js';
import type { GcOptions } from '../../lake/gc/collect-garbage.js';
import { GcBusy } from '../../lake/gc/gc-lease.js';
import { keptContent } from '../../lake/kept-content.js';
import { resolveStored } from '../../lake/list-store.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { readHistory } from '../../lake/partition-history.js';

export interface GcLoop {
  /** What it has done so far: it goes on changing until the loop has stopped. */
  readonly totals: GcTotals;
  /** Ends the loop. Throws what a gc threw, but that another one was at work. */
  stop(): Promise<GcTotals>;
}

export interface GcTotals {
  readonly rounds: number;
  /** Artifacts that were removed, and their bytes. */
  readonly artifacts: number;
  readonly bytes: number;
  /** Objects of any kind that were removed. */
  readonly objects: number;
  /** How often a run claimed what was condemned, in objects that stayed by it. */
  readonly claimed: number;
}

/**
 * Runs gc on a lake again and again, with a grace period of a second, until it is stopped: beside a backfill or other
 * work, which must lose nothing by it. `store` should be opened for this alone, as another process would.
 */
export function gcLoop(store: ObjectStore, options: Partial<GcOptions> = {}): GcLoop {
  const tables = ALL_TABLES.map(({ name }) => name);
  const totals = { rounds: 0, artifacts: 0, bytes: 0, objects: 0, claimed: 0 };
  const stopped = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        const { removed, kept } = await collectGarbage(store, {
          tables,
          runsMs: 86_400_000,
          graceMs: 1_000,
          ...options,
        });
        const artifacts = removed.filter(({ kind }) => kind.startsWith('artifacts/'));
        totals.rounds += 1;
        totals.artifacts += artifacts.length;
        totals.bytes += artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
        totals.objects += removed.length;
        for (const reasons of Object.values(kept)) totals.claimed += reasons['kept by a run just now']?.objects ?? 0;
      } catch (error) {
        if (!(error instanceof GcBusy)) throw error;
      }
      await sleep(100);
    }
  };
  const end = loop();
  // It is told by `stop`.
  end.catch(() => undefined);
  return {
    totals,
    async stop() {
      stopped.abort();
      await end;
      return totals;
    },
  };
}

/** Every artifact that records below `prefix` name is in the lake with the bytes of its hash. Gives how many there are. */
export async function expectRecordsWhole(store: ObjectStore, prefix = 'runs/'): Promise<number> {
  const named = new Map<string, Artifact>();
  for await (const { key } of store.list(prefix)) {
    if (!key.endsWith('.json')) continue;
    const record: unknown = JSON.parse(Buffer.from(await store.read(key)).toString('utf8'));
    for (const artifact of [...artifactsIn(record), ...artifactsIn(await resolveStored(store, record))]) {
      named.set(artifact.uri, artifact);
    }
  }
  for (const artifact of named.values()) await expectBytes(store, artifact);
  return named.size;
}

/** Every partition of every table is readable, and so is the content that a later revert would put back. */
export async function expectTablesWhole(store: ObjectStore): Promise<number> {
  let partitions = 0;
  for (const { name } of ALL_TABLES) {
    const { files } = await readTable(store, name);
    for (const { path, tags } of files) {
      expect(sha256(await store.read(`${name}/${path}`)), path).toBe(tags.sha256);
    }
    const history = await readHistory(store, name);
    for (const [fecha, versions] of history.partitions) {
      const current = versions.at(-1);
      if (current === undefined) continue;
      const { artifact, companions } = keptContent(name, fecha, current);
      for (const part of [artifact, ...companions]) await expectBytes(store, part);
      partitions += 1;
    }
  }
  return partitions;
}

async function expectBytes(store: ObjectStore, { uri, sha256: expected }: Artifact): Promise<void> {
  expect(sha256(await store.read(uri)), uri).toBe(expected);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
