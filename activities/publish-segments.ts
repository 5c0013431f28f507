import type { Artifact } from '../dag/artifact.js';
import type { DuckDb } from '../lake/duckdb.js';
import { publishPartition } from '../lake/publish-partition.js';
import type { Published } from '../lake/publish-partition.js';
import { CLIENTES_SEGMENTADOS, SCORES_RUBRO, SEGMENTOS } from '../lake/published-tables.js';
import { parquetFile } from '../lake/sql.js';
import type { KnnIndexFile } from './build-knn-index.js';
import { defineActivity } from './define-activity.js';
import { exportPartition } from './export-partition.js';
import type { Segments } from './name-clusters.js';
import { PartitionCheckFailed } from './partition-check-failed.js';

export interface PublishSegmentsInput {
  readonly fecha: string;
  readonly segments: Segments;
  readonly index: KnnIndexFile['index'];
}

export interface PublishedSegments {
  readonly tables: readonly Published[];
  /** Keys of the csv and JSON lines copies, below the lake's root. */
  readonly exports: readonly string[];
}

/**
 * Publishes the three tables' partitions, `clientes_segmentados` last: who sees the new customers finds their scores and
 * segments. Runs every time and changes nothing where the lake holds the same content.
 */
export const publishSegments = defineActivity<PublishSegmentsInput, PublishedSegments>({
  version: 1,
  cache: 'never',
  async run({ fecha, segments, index }, context) {
    const clientes = await context.open(segments.clientes);
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('checking');
      await checkPartition(db, clientes, segments.clientes.rows);
      phase('committing');
      const publish = async (
        table: typeof CLIENTES_SEGMENTADOS,
        artifact: Artifact,
        tags: { [tag: string]: string },
      ) => {
        context.signal.throwIfAborted();
        const partition = {
          table,
          fecha,
          file: await context.open(artifact),
          content: artifact,
          rows: artifact.rows,
          tags,
        };
        const work = publishPartition(context.store, { ...partition, run: context.run });
        const published = await context.transferring(`publishing ${table.name}`, work);
        context.progress({ phase: 'committed', table: table.name, version: published.version });
        return published;
      };
      const scores = await publish(SCORES_RUBRO, segments.scores, {});
      const segmentos = await publish(SEGMENTOS, segments.segmentos, {});
      const customers = await publish(CLIENTES_SEGMENTADOS, segments.clientes, knnIndexTags(index));
      phase('exporting');
      const exports = await exportPartition(db, context, CLIENTES_SEGMENTADOS, fecha, clientes);
      const tables = [customers, scores, segmentos];
      const unchanged = tables.every((table) => table.unchanged) && exports.every((copy) => copy.unchanged);
      const rows = customers.rows.toLocaleString('en');
      return {
        output: { tables, exports: exports.map(({ key }) => key) },
        note: unchanged ? `unchanged, version ${customers.version}` : `${rows} customers, version ${customers.version}`,
        unchanged,
      };
    });
  },
});

/** How a reader of the log finds the index that belongs to a partition. */
const knnIndexTags = (index: KnnIndexFile['index']): { readonly [tag: string]: string } => ({
  knnIndex: JSON.stringify({ ...index, report: undefined }),
});

async function checkPartition(db: DuckDb, file: string, expected: number): Promise<void> {
  const [row] = await db.rows(`SELECT count(*)::DOUBLE AS rows, count(DISTINCT dni)::DOUBLE AS dnis,
    count(*) FILTER (cluster_id IS NULL AND motivo IS NULL)::DOUBLE AS unexplained,
    (SELECT dni FROM ${parquetFile(file)} GROUP BY dni HAVING count(*) > 1 ORDER BY dni LIMIT 1) AS repeated
    FROM ${parquetFile(file)}`);
  const found = `got ${String(row?.rows)} rows of ${String(row?.dnis)} dnis`;
  if (row?.rows !== expected || row?.dnis !== expected) {
    throw new PartitionCheckFailed(
      `Expected ${expected} rows, one a dni, ${found}; repeated: '${String(row?.repeated)}'`,
    );
  }
  if (row?.unexplained !== 0) {
    throw new PartitionCheckFailed(
      `Expected a reason for every dni without a segment, ${String(row?.unexplained)} have none`,
    );
  }
}
