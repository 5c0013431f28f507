import type { DuckDb } from '../lake/duckdb.js';
import { text } from '../lake/sql.js';
import { UNKNOWN_RUBRO } from './map-events.js';
import type { Everyone, SegmentProfile } from './segment-names.js';

export interface SegmentFigures extends SegmentProfile {
  readonly clientes: number;
  readonly participacion: number;
  readonly montoPromedio: number;
}

/** A rubro as people read it, from the source's own name. */
export type Labels = { readonly [rubro: string]: string };

/**
 * Figures of every segment and of everyone, from the tables `purchases` (dni, rubro, compras, monto, ultima) and
 * `assignments` (dni, cluster_id). Lifts are of purchases by label: several rubros may share one.
 */
export async function profileSegments(
  db: DuckDb,
  labels: Labels,
  fecha: string,
): Promise<{ readonly segments: readonly SegmentFigures[]; readonly everyone: Everyone }> {
  const names = Object.entries(labels).map(([rubro, label]) => `(${text(rubro)}, ${text(label)})`);
  await db.run(
    `CREATE TABLE labels AS SELECT rubro::VARCHAR AS rubro, label::VARCHAR AS label
      FROM (VALUES ${[...names, '(NULL, NULL)'].join(', ')}) t(rubro, label)`,
  );
  await db.run(`CREATE TABLE people AS SELECT dni, any_value(cluster_id) AS cluster_id, sum(compras) AS compras,
    sum(monto) AS monto, DATE ${text(fecha)} - max(ultima) AS recencia FROM purchases JOIN assignments USING (dni) GROUP BY dni`);
  const figures = `count(*)::DOUBLE AS clientes, sum(compras)::DOUBLE / count(*) AS compras_promedio,
    sum(monto)::DOUBLE / count(*) AS monto_promedio, median(recencia)::DOUBLE AS recencia_mediana FROM people`;
  const [everyone] = await db.rows(`SELECT ${figures}`);
  const segments = await db.rows(`SELECT cluster_id, ${figures} GROUP BY cluster_id ORDER BY cluster_id`);
  const lifts = await db.rows(`
    WITH bought AS (
      SELECT cluster_id, coalesce(label, rubro) AS label, sum(compras) AS compras
      FROM purchases JOIN assignments USING (dni) LEFT JOIN labels USING (rubro)
      WHERE rubro <> ${text(UNKNOWN_RUBRO)} GROUP BY ALL)
    SELECT cluster_id, label, compras / sum(compras) OVER (PARTITION BY cluster_id) AS share,
      sum(compras) OVER (PARTITION BY label) / sum(compras) OVER () AS of_all
    FROM bought ORDER BY cluster_id, label`);
  const total = Number(everyone?.clientes);
  return {
    everyone: {
      comprasPromedio: Number(everyone?.compras_promedio),
      recenciaMediana: Number(everyone?.recencia_mediana),
    },
    segments: segments.map((row) => ({
      clusterId: Number(row.cluster_id),
      clientes: Number(row.clientes),
      participacion: Number(row.clientes) / total,
      comprasPromedio: Number(row.compras_promedio),
      montoPromedio: Number(row.monto_promedio),
      recenciaMediana: Number(row.recencia_mediana),
      lifts: lifts
        .filter((lift) => lift.cluster_id === row.cluster_id)
        .map((lift) => ({
          label: String(lift.label),
          share: Number(lift.share),
          lift: Number(lift.share) / Number(lift.of_all),
        })),
    })),
  };
}
