import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { featureScaler } from '../../customers/encoding/feature-scaler.js';
import type { FeatureScaler } from '../../customers/encoding/feature-scaler.js';
import { PermanentError } from '../../dag/permanent-error.js';
import { randomStream } from '../../kernels/random.js';
import { sampleRows } from '../../kernels/sample-rows.js';
import { openArtifact } from '../../lake/artifact-store.js';
import { readTable } from '../../lake/delta-log.js';
import type { TableFile } from '../../lake/delta-log.js';
import type { DuckDbOptions } from '../../lake/duckdb.js';
import { readMatrix } from '../../lake/matrix-file.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';
import type { ObjectStore } from '../../lake/object-store.js';
import type { CustomerTable } from './customer-table.js';
import { openCustomerTable } from './customer-table.js';
import { taggedLookalikes } from './lookalike-tags.js';
import type { LookalikeArtifacts } from './lookalike-tags.js';
import { openGraph } from './neighbour-graph.js';
import type { NeighbourGraph } from './neighbour-graph.js';

/** All that questions about one date's customers need, held in memory: 100,000 customers take about 150 MB. */
export interface Lookalikes {
  readonly fecha: string;
  readonly points: NamedMatrix;
  /** Rows of the points by customer. */
  readonly rowOf: ReadonlyMap<string, number>;
  readonly features: FeatureScaler['features'];
  /** Distances of random pairs, ascending. */
  readonly pairs: Float64Array;
  /** Rows that a pair is compared with, feature by feature. */
  readonly sample: Int32Array;
  /** Null for an exact index. */
  readonly graph: NeighbourGraph | null;
  /** The graph's share of the ten nearest customers that it finds; null for an exact index. */
  readonly recall: number | null;
  readonly customers: CustomerTable;
}

/** There is nothing to ask: no published table, no such date, or a partition without an index. */
export class NoLookalikes extends PermanentError {
  override readonly name = 'NoLookalikes';
}

export interface OpenLookalikesOptions {
  /** Where copies of a remote lake's files are kept. */
  readonly cacheFolder: string;
  /** `YYYY-MM-DD`; the newest published date where it is left out. */
  readonly fecha?: string | undefined;
  /** Of the queries that read columns of the customers. */
  readonly query?: Partial<DuckDbOptions> | undefined;
}

/** A fixed draw: the same question gets the same answer. */
const SAMPLE = 1000;
const SAMPLE_SEED = 42;

/** The table whose partitions name the index of their date. */
export const LOOKALIKES_TABLE = 'clientes_limpios';

/** Opens the index published for a date, in any process. Throws `NoLookalikes` where there is none. */
export async function openLookalikes(
  store: ObjectStore,
  { cacheFolder, fecha, query }: OpenLookalikesOptions,
): Promise<Lookalikes> {
  const file = await publishedDate(store, fecha);
  const artifacts = taggedLookalikes(file.tags);
  if (artifacts !== undefined) return loadLookalikes(store, file.fecha, artifacts, { cacheFolder, query });
  throw new NoLookalikes(
    `The partition ${file.fecha} of ${LOOKALIKES_TABLE} was published without an index: run it again`,
  );
}

/** As `openLookalikes`, of artifacts that a run has made, published or not. */
export async function loadLookalikes(
  store: ObjectStore,
  fecha: string,
  { index, graph, pairs, scaler, customers }: LookalikeArtifacts,
  { cacheFolder, query }: Pick<OpenLookalikesOptions, 'cacheFolder' | 'query'>,
): Promise<Lookalikes> {
  const open = (artifact: Parameters<typeof openArtifact>[2]): Promise<string> =>
    openArtifact(store, cacheFolder, artifact);
  const json = async (artifact: Parameters<typeof openArtifact>[2]): Promise<unknown> =>
    JSON.parse(await readFile(await open(artifact), 'utf8'));
  const points = await readMatrix(await open(index));
  const { columns, features } = featureScaler.parse(await json(scaler));
  if (columns.join('\n') !== points.columns.join('\n')) {
    throw new Error(`Expected the columns of ${index.uri} to be those of ${scaler.uri}`);
  }
  const options = {
    threads: 2,
    memoryLimit: '1GB',
    spillFolder: join(cacheFolder, 'spill'),
    timeZone: 'UTC',
    ...query,
  };
  return {
    fecha,
    points,
    rowOf: new Map(points.ids.map((id, row) => [id, row])),
    features,
    pairs: Float64Array.from(z.array(z.number()).parse(await json(pairs))),
    sample: sampleRows(points.ids.length, SAMPLE, randomStream(SAMPLE_SEED)),
    graph: graph === null ? null : await openGraph(await open(graph), points.matrix),
    recall: graph === null ? null : z.number().nullable().catch(null).parse(graph.report?.['recall_10']),
    customers: await openCustomerTable(await open(customers), points.ids.length, options),
  };
}

async function publishedDate(store: ObjectStore, fecha: string | undefined): Promise<TableFile> {
  const { files } = await readTable(store, LOOKALIKES_TABLE);
  const file = fecha === undefined ? files.at(-1) : files.find((candidate) => candidate.fecha === fecha);
  if (file !== undefined) return file;
  if (files.length === 0) {
    throw new NoLookalikes(`The lake ${store.url} has no table ${LOOKALIKES_TABLE} yet: run the DAG lookalikes`);
  }
  const dates = files.map((candidate) => candidate.fecha).join(', ');
  throw new NoLookalikes(`Expected one of the dates of ${LOOKALIKES_TABLE} (${dates}), got ${fecha}`);
}
