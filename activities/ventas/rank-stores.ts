import { z } from 'zod';
import { PermanentError } from '../../dag/permanent-error.js';
import { BadInput } from '../../lake/bad-input.js';
import { readTable } from '../../lake/delta-log.js';
import { openArtifact } from '../../lake/artifact-store.js';
import { parquetFile } from '../../lake/sql.js';
import { defineActivity } from '../define-activity.js';
import type { TaskContext } from '../define-activity.js';
import type { ObjectFound } from '../sensors/wait-for-object.js';
import type { PartitionFound } from '../sensors/wait-for-partition.js';

export interface RankStoresInput {
  /** Absent where its sensor was skipped by an operator. */
  readonly sold: PartitionFound | undefined;
  /** A JSON object: what each store was to sell. Not every day has one. */
  readonly targets: ObjectFound | undefined;
}

/** The stores of a published date, best first: by the share of their target that they sold, else by the amount. */
export const rankStores = defineActivity<RankStoresInput, { readonly stores: readonly string[] }>({
  version: 1,
  cache: 'by-content',
  async run({ sold, targets }, context) {
    if (sold === undefined) return { skip: 'there are no sales to rank' };
    const amounts = await readAmounts(sold, context);
    const target = targets === undefined ? () => 1 : await readTargets(targets.key, context);
    const shares = amounts.map(({ tienda, importe }) => ({ tienda, share: importe / target(tienda) }));
    const stores = shares.toSorted((a, b) => b.share - a.share).map(({ tienda }) => tienda);
    const by = targets === undefined ? 'sold most' : 'came furthest with its target';
    return { output: { stores }, note: `${stores[0] ?? 'none'} ${by}` };
  },
});

async function readAmounts(
  sold: PartitionFound,
  { store, cacheFolder, withDuckDb }: TaskContext,
): Promise<readonly { readonly tienda: string; readonly importe: number }[]> {
  const { files } = await readTable(store, sold.table);
  const file = files.find(({ fecha, tags }) => fecha === sold.fecha && tags['sha256'] === sold.sha256);
  if (file === undefined) throw new PermanentError(`${sold.table} of ${sold.fecha} was replaced meanwhile: run again`);
  const artifact = { kind: sold.table, uri: `${sold.table}/${file.path}`, sha256: sold.sha256, bytes: file.bytes };
  const path = await openArtifact(store, cacheFolder, { ...artifact, rows: file.rows, schema: [] });
  return withDuckDb('UTC', async (db) => {
    const rows = await db.rows(`SELECT tienda, importe FROM ${parquetFile(path)} ORDER BY importe DESC, tienda`);
    return rows.map((row) => ({ tienda: String(row.tienda), importe: Number(row.importe) }));
  });
}

const targetsByStore = z.record(z.string(), z.number().positive());

async function readTargets(key: string, { store }: TaskContext): Promise<(tienda: string) => number> {
  const text = Buffer.from(await store.read(key)).toString('utf8');
  const targets = parseTargets(key, text);
  return (tienda) => {
    const target = targets[tienda];
    if (target !== undefined) return target;
    throw new BadInput(`Expected a target for ${tienda}, got none: add it`, { file: key });
  };
}

function parseTargets(key: string, text: string): z.infer<typeof targetsByStore> {
  try {
    return targetsByStore.parse(JSON.parse(text));
  } catch (error) {
    const message = `Expected a JSON object of stores with targets above 0, got ${text.slice(0, 80)}`;
    throw new BadInput(message, { file: key }, { cause: error });
  }
}
