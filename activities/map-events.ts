import { BadInput } from '../lake/bad-input.js';
import type { DuckDb } from '../lake/duckdb.js';
import { eventsOf } from '../lake/source-definition.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { readFailure } from '../lake/read-failure.js';
import { createSourceView } from '../lake/source-tables.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { column } from '../lake/sql.js';
import { amount, calendarDay, identifier, label, localTime, plainText } from './read-as.js';

const REQUIRED = ['dni', 'fecha', 'rubro', 'monto'];

/** The rubro of a row whose own is missing or says so. */
export const UNKNOWN_RUBRO = 'desconocido';

/** Name of the n-th column of the event key in the table `mapped`. */
export const keyColumn = (n: number): string => `clave_${n}`;

export interface MappedEvents {
  /** Rows in the source's event files. */
  readonly read: number;
  /** Whole rows of the event files that came again. 0 where an event key is to find the repeats. */
  readonly repeated: number;
  /** The select gives `cargado_en`: a run sees only what was loaded before its date began. */
  readonly loadTimes: boolean;
}

/**
 * Makes the table `mapped` from a source's files: the canonical columns, typed, and the columns of the event key. A
 * value that cannot be read as its type is null there; `fecha_texto` keeps what an unreadable date said.
 */
export async function mapEvents(
  db: DuckDb,
  source: SourceDefinition,
  files: { readonly [name: string]: readonly OpenedFile[] },
): Promise<MappedEvents> {
  const events = eventsOf(source);
  try {
    for (const name of Object.keys(source.files)) {
      const all = `${name}__files`;
      await createSourceView(db, source, name, all, files[name] ?? []);
      if (name === events && source.eventKey === undefined) {
        await db.run(
          `CREATE TABLE ${column(`${name}__counted`)} AS SELECT *, count(*) AS "__copies" FROM ${column(all)} GROUP BY ALL`,
        );
        await db.run(`CREATE VIEW ${column(name)} AS SELECT * EXCLUDE ("__copies") FROM ${column(`${name}__counted`)}`);
      } else {
        // A row that came twice in a table that is looked up would double the events that it joins.
        await db.run(
          `CREATE VIEW ${column(name)} AS SELECT ${name === events ? '*' : 'DISTINCT *'} FROM ${column(all)}`,
        );
      }
    }
    // People end a query with a semicolon, which a query inside another one must not have.
    const select = source.select.replace(/[\s;]+$/, '');
    const described = await db.describe(select).catch((error: unknown) => {
      throw notSql(source, error) ?? error;
    });
    const types = new Map(described.map(({ name, type }) => [name, type]));
    const columns = typedColumns(source, types);
    await db.run(`CREATE TABLE mapped AS SELECT ${columns.join(', ')} FROM (${select}\n)`);
    return { ...(await countRepeats(db, source, events)), loadTimes: types.has('cargado_en') };
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw readFailure(source, Object.values(files).flat(), error);
  }
}

/** The client parses a query before it runs, and fails in words of its own where that is impossible. */
function notSql(source: SourceDefinition, error: unknown): BadInput | undefined {
  const said = error instanceof Error ? /^Failed to extract statements: (.*)/.exec(error.message)?.[1] : undefined;
  if (said === undefined) return undefined;
  return new BadInput(`the source's \`select\` is not SQL: ${said}`, { source: source.name }, { cause: error });
}

async function countRepeats(
  db: DuckDb,
  source: SourceDefinition,
  events: string,
): Promise<Omit<MappedEvents, 'loadTimes'>> {
  const [rows] = await db.rows(
    source.eventKey === undefined
      ? `SELECT coalesce(sum("__copies"), 0)::DOUBLE AS read, coalesce(sum("__copies" - 1), 0)::DOUBLE AS repeated
         FROM ${column(`${events}__counted`)}`
      : `SELECT count(*)::DOUBLE AS read, 0::DOUBLE AS repeated FROM ${column(`${events}__files`)}`,
  );
  return { read: Number(rows?.read), repeated: Number(rows?.repeated) };
}

function typedColumns(source: SourceDefinition, types: ReadonlyMap<string, string>): string[] {
  const missing = [...REQUIRED, ...(source.eventKey ?? [])].find((name) => !types.has(name));
  if (missing !== undefined) {
    throw new BadInput(`Expected the source's \`select\` to give this column, got ${[...types.keys()].join(', ')}`, {
      source: source.name,
      column: missing,
    });
  }
  const typed = (name: string, read: (sql: string, type: string) => string, absent = 'VARCHAR'): string => {
    const type = types.get(name);
    return `${type === undefined ? `NULL::${absent}` : read(column(name), type)} AS ${name}`;
  };
  return [
    typed('dni', identifier),
    typed('fecha', calendarDay),
    `left(${column('fecha')}::VARCHAR, 40) AS fecha_texto`,
    typed('rubro', (sql) => `coalesce(${label(sql)}, '${UNKNOWN_RUBRO}')`),
    typed('canal', label),
    typed('monto', amount),
    typed('ubicacion', plainText),
    typed('producto', plainText),
    typed('cargado_en', localTime, 'TIMESTAMP'),
    ...(source.eventKey ?? []).map((name, n) => `${column(name)} AS ${keyColumn(n)}`),
  ];
}
