import { BadInput } from '../lake/bad-input.js';
import type { DuckDb } from '../lake/duckdb.js';
import { eventsOf } from '../lake/source-definition.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { createSourceView } from '../lake/source-tables.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { column, text } from '../lake/sql.js';
import { isPlainRead } from './plain-read.js';
import { amount, calendarDay, identifier, label, localTime, plainText } from './read-as.js';
import { createWholeRows } from './whole-rows.js';
import type { WholeRows } from './whole-rows.js';

const REQUIRED = ['dni', 'fecha', 'rubro', 'monto'];

/** The rubro of a row whose own is missing or says so. */
export const UNKNOWN_RUBRO = 'desconocido';

/** Name of the n-th column of the event key in the table `mapped`. */
export const keyColumn = (n: number): string => `clave_${n}`;

export interface MappedEvents extends WholeRows {
  /** Rows that the source's select gave, of any date. */
  readonly given: number;
}

/**
 * Makes the relation `mapped` from a source's files: the canonical columns, typed, and the columns of the event key, of the
 * rows that a run for `fecha` may know of: those dated before it and loaded before it began, and those whose date cannot be
 * read. A value that cannot be read as its type is null there; `fecha_texto` keeps what an unreadable date said. It is a view
 * where reading again costs less than keeping the rows, so what is asked of it may fail as this does (`readFailure`).
 */
export async function mapEvents(
  db: DuckDb,
  source: SourceDefinition,
  files: { readonly [name: string]: readonly OpenedFile[] },
  fecha: string,
): Promise<MappedEvents & { readonly loadTimes: boolean }> {
  const events = eventsOf(source);
  let rows: WholeRows = { read: 0, repeated: 0 };
  for (const name of Object.keys(source.files)) {
    const all = `${name}__files`;
    await createSourceView(db, source, name, all, files[name] ?? []);
    if (name === events) rows = await createEvents(db, source, name, all, files[name] ?? []);
    // A row that came twice in a table that is looked up would double the events that it joins.
    else await db.run(`CREATE VIEW ${column(name)} AS SELECT DISTINCT * FROM ${column(all)}`);
  }
  // People end a query with a semicolon, which a query inside another one must not have.
  const select = source.select.replace(/[\s;]+$/, '');
  const described = await db.describe(select).catch((error: unknown) => {
    throw notSql(source, error) ?? error;
  });
  const types = new Map(described.map(({ name, type }) => [name, type]));
  const loadTimes = types.has('cargado_en');
  const { day, loaded, columns } = typedColumns(source, types);
  // With load times, a row whose own is missing cannot be shown to have been there.
  const known = loadTimes ? `(${loaded} < TIMESTAMP ${text(fecha)} OR ${loaded} IS NULL)` : 'true';
  const mapped = `SELECT ${columns.join(', ')} FROM (${select}\n)
    WHERE ${day} IS NULL OR (${day} < DATE ${text(fecha)} AND ${known})`;
  // Repeats of an event are told apart by where they stand in a table.
  const inPlace = source.eventKey === undefined && (await isPlainRead(db, mapped));
  await db.run(`CREATE ${inPlace ? 'VIEW' : 'TABLE'} mapped AS ${mapped}`);
  const [count] = await db.rows(`SELECT count(*)::DOUBLE AS given FROM (${select}\n)`);
  return { ...rows, given: Number(count?.given), loadTimes };
}

/** The view of the rows of events; where no event key is to find the repeats, each whole row once. */
async function createEvents(
  db: DuckDb,
  source: SourceDefinition,
  name: string,
  all: string,
  files: readonly OpenedFile[],
): Promise<WholeRows> {
  if (source.eventKey !== undefined) {
    await db.run(`CREATE VIEW ${column(name)} AS SELECT * FROM ${column(all)}`);
    const [rows] = await db.rows(`SELECT count(*)::DOUBLE AS read FROM ${column(all)}`);
    return { read: Number(rows?.read), repeated: 0 };
  }
  if (files.every(({ format }) => format === 'parquet')) return createWholeRows(db, name, all);
  // Text is taken apart once.
  const read = `${name}__read`;
  await db.run(`CREATE TABLE ${column(read)} AS SELECT * FROM ${column(all)}`);
  return createWholeRows(db, name, read);
}

/** The client parses a query before it runs, and fails in words of its own where that is impossible. */
function notSql(source: SourceDefinition, error: unknown): BadInput | undefined {
  const said = error instanceof Error ? /^Failed to extract statements: (.*)/.exec(error.message)?.[1] : undefined;
  if (said === undefined) return undefined;
  return new BadInput(`the source's \`select\` is not SQL: ${said}`, { source: source.name }, { cause: error });
}

interface TypedColumns {
  /** SQL for a row's date and for when it was loaded, over the select. */
  readonly day: string;
  readonly loaded: string;
  readonly columns: readonly string[];
}

function typedColumns(source: SourceDefinition, types: ReadonlyMap<string, string>): TypedColumns {
  const missing = [...REQUIRED, ...(source.eventKey ?? [])].find((name) => !types.has(name));
  if (missing !== undefined) {
    throw new BadInput(`Expected the source's \`select\` to give this column, got ${[...types.keys()].join(', ')}`, {
      source: source.name,
      column: missing,
    });
  }
  const valueOf = (name: string, read: (sql: string, type: string) => string, absent = 'VARCHAR'): string => {
    const type = types.get(name);
    return type === undefined ? `NULL::${absent}` : read(column(name), type);
  };
  const typed = (name: string, read: (sql: string, type: string) => string): string =>
    `${valueOf(name, read)} AS ${name}`;
  const [day, loaded] = [valueOf('fecha', calendarDay), valueOf('cargado_en', localTime, 'TIMESTAMP')];
  const columns = [
    typed('dni', identifier),
    `${day} AS fecha`,
    `CASE WHEN ${day} IS NULL THEN left(${column('fecha')}::VARCHAR, 40) END AS fecha_texto`,
    typed('rubro', (sql) => `coalesce(${label(sql)}, '${UNKNOWN_RUBRO}')`),
    typed('canal', label),
    typed('monto', amount),
    typed('ubicacion', plainText),
    typed('producto', plainText),
    `${loaded} AS cargado_en`,
    ...(source.eventKey ?? []).map((name, n) => `${column(name)} AS ${keyColumn(n)}`),
  ];
  return { day, loaded, columns };
}
