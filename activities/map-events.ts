import { z } from 'zod';
import { BadInput } from '../lake/bad-input.js';
import type { DuckDb } from '../lake/duckdb.js';
import { eventsOf } from '../lake/source-definition.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { createSourceView } from '../lake/source-tables.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { column } from '../lake/sql.js';
import { isPlainRead } from './plain-read.js';
import { isRepeatable } from './repeatable-select.js';
import { amount, calendarDay, identifier, label, localTime, plainText } from './read-as.js';
import { createWholeRows } from './whole-rows.js';
import type { WholeRows } from './whole-rows.js';

const REQUIRED = ['dni', 'fecha', 'rubro', 'monto'];

/** The rubro of a row whose own is missing or says so. */
export const UNKNOWN_RUBRO = 'desconocido';

/** Name of the n-th column of the event key in `mapped`. */
export const keyColumn = (n: number): string => `clave_${n}`;

/** What a source's rows of all dates are like: `WholeRows`, and of its select. */
export const sourceFacts = z.object({
  read: z.number(),
  repeated: z.number(),
  /** Rows that the source's select gave. */
  given: z.number(),
  /** Whether the select says when each row was loaded. */
  loadTimes: z.boolean(),
  /** Whether the same files always give the same rows (`isRepeatable`). */
  repeatable: z.boolean(),
  /** Whether the select only reads Parquet files, in which no row comes twice: then they are as good as its rows. */
  inPlace: z.boolean(),
});

export type SourceFacts = Readonly<z.infer<typeof sourceFacts>>;

/**
 * Makes the relation `mapped$` over a source's files: the canonical columns, typed, and the columns of the event key, of rows of
 * any date. A value that cannot be read as its type is null there; `fecha_texto` keeps what an unreadable date said. What is
 * asked of it may fail as this does (`readFailure`). The names of our own relations end in a sign that no set of files has.
 * `known` spares looking at the rows.
 */
export async function mapEvents(
  db: DuckDb,
  source: SourceDefinition,
  files: { readonly [name: string]: readonly OpenedFile[] },
  known?: SourceFacts,
): Promise<SourceFacts> {
  const events = eventsOf(source);
  let rows: WholeRows = { read: 0, repeated: 0 };
  for (const name of Object.keys(source.files)) {
    const all = `${name}$files`;
    await createSourceView(db, source, name, all, files[name] ?? []);
    if (name !== events) {
      // A row that came twice in a table that is looked up would double the events that it joins.
      await db.run(`CREATE VIEW ${column(name)} AS SELECT DISTINCT * FROM ${column(all)}`);
    } else if (known === undefined) rows = await createEvents(db, source, name, all, files[name] ?? []);
    else await db.run(`CREATE VIEW ${column(name)} AS SELECT * FROM ${column(all)}`);
  }
  // People end a query with a semicolon, which a query inside another one must not have.
  const select = source.select.replace(/[\s;]+$/, '');
  const described = await db.describe(select).catch((error: unknown) => {
    throw notSql(source, error) ?? error;
  });
  const types = new Map(described.map(({ name, type }) => [name, type]));
  const mapped = `SELECT ${typedColumns(source, types).join(', ')} FROM (${select}\n)`;
  const isView = await createMapped(db, mapped);
  if (known !== undefined) return known;
  // Repeats of an event are told apart by where they stand in a file of their own.
  const isPlain = isView && source.eventKey === undefined && (await isPlainRead(db, mapped));
  const repeatable = await isRepeatable(db, select);
  const [count] = await db.rows(`SELECT count(*)::DOUBLE AS given FROM (${select}\n)`);
  const given = Number(count?.given);
  return { ...rows, given, loadTimes: types.has('cargado_en'), repeatable, inPlace: isPlain && repeatable };
}

/** Some statements cannot be a view (PIVOT without its values). Says whether it is one. */
async function createMapped(db: DuckDb, mapped: string): Promise<boolean> {
  const isView = await db.run(`CREATE VIEW mapped$ AS ${mapped}`).then(
    () => true,
    () => false,
  );
  if (!isView) await db.run(`CREATE TABLE mapped$ AS ${mapped}`);
  return isView;
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
  const read = `${name}$read`;
  await db.run(`CREATE TABLE ${column(read)} AS SELECT * FROM ${column(all)}`);
  return createWholeRows(db, name, read);
}

/** The client parses a query before it runs, and fails in words of its own where that is impossible. */
function notSql(source: SourceDefinition, error: unknown): BadInput | undefined {
  const said = error instanceof Error ? /^Failed to extract statements: (.*)/.exec(error.message)?.[1] : undefined;
  if (said === undefined) return undefined;
  return new BadInput(`the source's \`select\` is not SQL: ${said}`, { source: source.name }, { cause: error });
}

function typedColumns(source: SourceDefinition, types: ReadonlyMap<string, string>): readonly string[] {
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
  const day = valueOf('fecha', calendarDay);
  return [
    typed('dni', identifier),
    `${day} AS fecha`,
    `CASE WHEN ${day} IS NULL THEN left(${column('fecha')}::VARCHAR, 40) END AS fecha_texto`,
    typed('rubro', (sql) => `coalesce(${label(sql)}, '${UNKNOWN_RUBRO}')`),
    typed('canal', label),
    typed('monto', amount),
    typed('ubicacion', plainText),
    typed('producto', plainText),
    `${valueOf('cargado_en', localTime, 'TIMESTAMP')} AS cargado_en`,
    ...(source.eventKey ?? []).map((name, n) => `${keyOf(name, types.get(name))} AS ${keyColumn(n)}`),
  ];
}

/** A column of the event key as what it is; as text where a Parquet file would hold another value or none. */
const keyOf = (name: string, type = ''): string =>
  /^(BOOLEAN|U?(TINY|SMALL|BIG)?INT(EGER)?|DECIMAL.*|DOUBLE|FLOAT|VARCHAR|BLOB|UUID|DATE|TIMESTAMP)$/.test(type)
    ? column(name)
    : `${column(name)}::VARCHAR`;
