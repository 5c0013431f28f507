import type { Artifact } from '../../dag/artifact.js';

// What the tasks of `lookalikes` hand on, in the order of the pipeline. Rows of every file are in order of customer_id.

export interface IngestedCustomers {
  /**
   * Parquet: `_row` (BIGINT, counted from 1 over the files' data rows), and every column of the files that the source
   * maps, under its header, as text (VARCHAR, null for an empty cell). A number of a sheet is its shortest decimal, a
   * cell in a percent format carries its sign (`45.2%`), a date is ISO (`2024-03-01`, `2024-03-01T10:30:00`), a boolean
   * `true` or `false`. In order of `_row`.
   */
  readonly raw: Artifact<'customers_raw'>;
}

export interface CleanedCustomers {
  /**
   * Parquet, one row a customer: the source's columns in its order, typed by their kind (id, text, category: VARCHAR;
   * number, money, percent: DOUBLE; number with `integer`, age, birth-year, days, hour, weekday: INTEGER, or BIGINT
   * where they do not fit; date: DATE; flag: BOOLEAN); for each column of kind days a BOOLEAN `<column>_never`; and
   * `flags` VARCHAR, `column:rule` of its impossible values joined by `;`, null for none.
   */
  readonly customers: Artifact<'customers_clean'>;
  /** JSON: a `CleaningReport`. */
  readonly report: Artifact<'cleaning_report'>;
  /** Parquet: `customer_id, row, column, before, after, rule, header`, a row a changed cell. Null unless it was asked for. */
  readonly log: Artifact<'cleaning_log'> | null;
  /** Parquet in the layout of the published table: the columns that every customer table may have. */
  readonly clientes: Artifact<'clientes_limpios'>;
  /** Parquet in the layout of the published table: all other columns, a row a value. */
  readonly atributos: Artifact<'clientes_atributos'>;
}

export interface EncodedCustomers {
  /** A matrix file: numbers as they are, one-hot categories, cycles, indicators; nothing scaled, nothing missing. */
  readonly encoded: Artifact<'customers_encoded'>;
  /** JSON: an `Encoding`: what each column of the matrix is, its group, what was imputed and what was dropped. */
  readonly encoding: Artifact<'customers_encoding'>;
}

export interface ScaledCustomers {
  /** A matrix file: the encoded columns, centred, scaled and weighted. Euclidean distances between its rows count. */
  readonly matrix: Artifact<'customers_matrix'>;
  /** JSON: a `FeatureScaler`: what makes a point of an encoded row, and which columns of the points are one feature. */
  readonly scaler: Artifact<'customers_scaler'>;
}

export interface LookalikeIndex {
  /** A matrix file: ids and points. All of an exact index; of an approximate one what its answers are checked by. */
  readonly index: Artifact<'lookalike_index'>;
  /** The graph of an approximate index, in its library's own format. Null for an exact one. */
  readonly graph: Artifact<'lookalike_graph'> | null;
  /** JSON: distances of random pairs of customers, ascending: how close a distance is, is told by them. */
  readonly pairs: Artifact<'lookalike_pairs'>;
}

export interface ProjectedCustomers {
  /** Parquet in the layout of the published table: `customer_id, pc1, pc2, …`. */
  readonly coordinates: Artifact<'clientes_pca'>;
  /** JSON: components, explained variance. */
  readonly model: Artifact<'pca_model'>;
}

/** An audience in figures: what is published of it beside its members. */
export interface AudienceSummary {
  readonly clientes: number;
  readonly semillas: number;
  /** Customers who could be in it: no seeds, not suppressed, within its filter. */
  readonly candidatos: number;
  readonly puntaje: 'contrast' | 'mean-distance';
  /** Neighbours looked at; null for a score that looks at none. */
  readonly k: number | null;
  /** Expected of the best tenth of the candidates, from held-out seeds; null where there are too few of them. */
  readonly lift10: number | null;
  readonly recall10: number | null;
  /** Of its definition: see `judgeSize`. */
  readonly maxChange: number;
}

export interface Audience {
  readonly name: string;
  readonly summary: AudienceSummary;
  /** Parquet: `audiencia, customer_id, posicion, score, percentil`, in order of `posicion` (from 1). */
  readonly members: Artifact<'audience_members'>;
  /** JSON: an `AudienceReport`: seeds, how k was chosen, expected recall and lift by size. */
  readonly report: Artifact<'audience_report'>;
}

export interface Plot {
  /** Of its file, without the ending: `income`, `lift-mejores_clientes`. */
  readonly name: string;
  readonly svg: Artifact<'plot'>;
}
