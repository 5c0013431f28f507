import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { CLIENTES_SEGMENTADOS, SCORES_RUBRO, SEGMENTOS } from '../lake/published-tables.js';
import { fileColumns } from '../lake/delta-schema.js';
import type { TableSchema } from '../lake/delta-schema.js';
import { parquetFile, text } from '../lake/sql.js';
import type { Features } from './build-features.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import type { Clusters } from './fit-clusters.js';
import type { Ingested } from './ingest-transactions.js';
import { laidOut } from './laid-out.js';
import { UNKNOWN_RUBRO } from './map-events.js';
import { profileSegments } from './profile-segments.js';
import type { Labels } from './profile-segments.js';
import { rubroScores, rubroType, scoreOf } from './score-query.js';
import { WITHOUT_SEGMENT, nameSegments } from './segment-names.js';
import { writeParquet } from './write-parquet.js';
import type { ParquetCodec } from './write-parquet.js';

/** Which of the source's rubros make up each score that is always a column. */
export interface ScoreRubros {
  readonly supermercado: readonly string[];
  readonly farmacia: readonly string[];
  readonly restaurante: readonly string[];
}

export interface NameClustersInput {
  readonly fecha: string;
  readonly customers: Ingested['customers'];
  readonly purchases: Features['purchases'];
  readonly assignments: Clusters['assignments'];
  readonly labels: Labels;
  readonly scores: ScoreRubros;
  /** Of the published files. */
  readonly codec: ParquetCodec;
}

/** The published tables' partitions, as the files that will be published. */
export interface Segments {
  readonly clientes: Artifact<'clientes_segmentados'>;
  readonly scores: Artifact<'scores_rubro'>;
  readonly segmentos: Artifact<'segmentos'>;
}

/**
 * Names the segments by what sets them apart, and lays out the published rows: every customer of `customers` once, who
 * has no usable row with nulls and the reason.
 */
export const nameClusters = defineActivity<NameClustersInput, Segments>({
  version: 4,
  cache: 'by-content',
  output: z.object({
    clientes: artifactSchema('clientes_segmentados'),
    scores: artifactSchema('scores_rubro'),
    segmentos: artifactSchema('segmentos'),
  }),
  async run(input, context) {
    const { fecha, codec } = input;
    const files = {
      customers: await context.open(input.customers),
      assignments: await context.open(input.assignments),
    };
    const purchases = await context.open(input.purchases);
    return context.withDuckDb('UTC', async (db, phase) => {
      for (const [name, file] of Object.entries(files)) {
        await db.run(`CREATE VIEW ${name} AS SELECT * FROM ${parquetFile(file)}`);
      }
      await db.run(`CREATE VIEW purchases AS SELECT *, file_row_number AS place FROM ${parquetFile(purchases)}`);
      phase('naming segments');
      const { segments, everyone } = await profileSegments(db, input.labels, fecha);
      const names = nameSegments(segments, everyone);
      const rows = segments.map((segment, i) => {
        const { name, distinctive } = names[i] ?? { name: '', distinctive: undefined };
        const { clusterId, clientes, participacion, comprasPromedio, montoPromedio, recenciaMediana } = segment;
        const figures = [comprasPromedio, montoPromedio, recenciaMediana];
        const said =
          distinctive === undefined ? 'NULL, NULL' : `${text(distinctive.label)}, ${double(distinctive.lift)}`;
        return `(${clusterId}, ${text(name)}, ${clientes}, ${double(participacion)}, ${said}, ${figures.map(double).join(', ')})`;
      });
      await db.run(`CREATE TABLE segmentos AS SELECT * FROM (VALUES ${rows.join(', ')})
        t(${fileColumns(SEGMENTOS)
          .map(({ name }) => name)
          .join(', ')})`);
      await createTopRubros(db);
      const { supermercado, farmacia, restaurante } = input.scores;
      await db.run(`CREATE VIEW clientes AS SELECT c.dni, a.cluster_id, coalesce(s.cluster_nombre, '${WITHOUT_SEGMENT}') AS cluster_nombre,
          t.rubro AS rubro_top, ${scoreColumn('supermercado')}, ${scoreColumn('farmacia')}, ${scoreColumn('restaurante')}, c.motivo
        FROM customers c LEFT JOIN assignments a USING (dni) LEFT JOIN segmentos s USING (cluster_id)
          LEFT JOIN top_rubros t USING (dni)
          LEFT JOIN (${scoreOf(supermercado)}) supermercado USING (dni)
          LEFT JOIN (${scoreOf(farmacia)}) farmacia USING (dni)
          LEFT JOIN (${scoreOf(restaurante)}) restaurante USING (dni)`);
      phase('writing partitions');
      await db.run(rubroType);
      const write = async (
        table: TableSchema,
        select: string,
        orderBy: string | null,
        options: { readonly mostlyDistinct?: boolean } = {},
      ) =>
        writeParquet(db, join(context.scratch, `${table.name}.parquet`), {
          select,
          orderBy,
          codec,
          ...options,
        });
      const clientes = await write(CLIENTES_SEGMENTADOS, laidOut(CLIENTES_SEGMENTADOS, 'clientes'), 'dni', {
        mostlyDistinct: true,
      });
      const scores = await write(SCORES_RUBRO, `${laidOut(SCORES_RUBRO, `(${rubroScores})`)} ORDER BY place`, null);
      const segmentos = await write(SEGMENTOS, laidOut(SEGMENTOS, 'segmentos'), 'cluster_id');
      const report = {
        segmentos: names.map(({ name }, i) => ({ nombre: name, clientes: segments[i]?.clientes ?? 0 })),
      };
      return {
        output: {
          clientes: await context.put('clientes_segmentados', clientes.file, { ...clientes, report }),
          scores: await context.put('scores_rubro', scores.file, scores),
          segmentos: await context.put('segmentos', segmentos.file, segmentos),
        },
        note: names
          .map(({ name }) => name)
          .join(', ')
          .slice(0, 120),
      };
    });
  },
});

/** A literal without a type would be a decimal, of a scale that the other rows decide. */
const double = (value: number): string => `'${value}'::DOUBLE`;

/** The known rubro with the largest amount of each customer; ties by purchases, then by name. */
const createTopRubros = async (db: { run(sql: string): Promise<void> }): Promise<void> =>
  db.run(`CREATE TABLE top_rubros AS SELECT dni,
      arg_min(rubro, {unknown: rubro = ${text(UNKNOWN_RUBRO)}, monto: -monto, compras: -compras, rubro: rubro}) AS rubro
    FROM purchases GROUP BY dni`);

/** 0 for a customer with a segment who never bought; null for who has no segment. */
const scoreColumn = (name: keyof ScoreRubros): string =>
  `if(a.cluster_id IS NULL, NULL, coalesce(${name}.score, 0)) AS score_${name}`;
