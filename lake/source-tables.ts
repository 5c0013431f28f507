import { BadInput } from './bad-input.js';
import { readCsvHeader } from './csv-header.js';
import type { DuckDb } from './duckdb.js';
import type { FileSet, SourceDefinition } from './source-definition.js';
import { firstLine, readFailure } from './read-failure.js';
import type { SourceFile } from './source-files.js';
import { column, text, textList } from './sql.js';

export interface OpenedFile extends SourceFile {
  readonly path: string;
}

interface FileColumn {
  readonly name: string;
  /** DuckDB's; csv columns are VARCHAR. */
  readonly type: string;
}

/**
 * Makes `view`, the rows of the set of files called `name`, csv columns as text. All files must have the same columns,
 * in any order, and of one kind each: reading a number as text, or the reverse, would change ids and amounts by which
 * other files there are. A row that does not fit its header is refused when it is read, with its line.
 */
export async function createSourceView(
  db: DuckDb,
  source: SourceDefinition,
  name: string,
  view: string,
  files: readonly OpenedFile[],
): Promise<void> {
  const set = source.files[name];
  if (set === undefined) throw new RangeError(`Expected one of the source's file sets, got '${name}'`);
  const columns = await Promise.all(files.map((file) => columnsOf(db, source, set, file)));
  checkSameColumns(source, files, columns);
  const groups = new Map<string, { file: OpenedFile; columns: readonly FileColumn[] }[]>();
  for (const [i, file] of files.entries()) {
    const own = columns[i] ?? [];
    const layout = JSON.stringify([file.format, own]);
    groups.set(layout, [...(groups.get(layout) ?? []), { file, columns: own }]);
  }
  const reads = [...groups.values()].map((group) => `SELECT * FROM ${readFunction(set, group)}`);
  await db.run(`CREATE VIEW ${column(view)} AS ${reads.join(' UNION ALL BY NAME ')}`);
}

const readParquet = (paths: readonly string[]): string =>
  // Folders such as dt=2017-01-01 add no column: in a remote lake's local copies there are none.
  `read_parquet(${textList(paths)}, hive_partitioning = false)`;

function readFunction(set: FileSet, group: readonly { file: OpenedFile; columns: readonly FileColumn[] }[]): string {
  const files = group.map(({ file }) => file.path);
  if (group[0]?.file.format === 'parquet') return readParquet(files);
  const paths = textList(files);
  const columns = (group[0]?.columns ?? []).map(({ name }) => `${text(name)}: 'VARCHAR'`).join(', ');
  // Everything is said, nothing detected: a guess that changes with the content is worse than a refusal.
  return (
    `read_csv(${paths}, auto_detect = false, columns = {${columns}}, header = true, delim = ${text(set.delimiter)}, ` +
    `quote = ${text(set.quote)}, escape = ${text(set.quote)}, encoding = ${text(set.encoding)}, ` +
    'strict_mode = true, null_padding = false, ignore_errors = false, hive_partitioning = false)'
  );
}

async function columnsOf(db: DuckDb, source: SourceDefinition, set: FileSet, file: OpenedFile): Promise<FileColumn[]> {
  const culprit = { source: source.name, file: file.name };
  if (file.format === 'parquet') {
    return [
      ...(await db.describe(`SELECT * FROM ${readParquet([file.path])}`).catch((error: unknown) => {
        throw readFailure(source, [file], error);
      })),
    ];
  }
  const header = await readCsvHeader(file.path, set).catch((error: unknown) => {
    throw new BadInput(`the first line cannot be read: ${firstLine(error)}`, culprit, { cause: error });
  });
  if (header.some((name) => name.includes('\uFFFD'))) {
    throw new BadInput(`the header is not ${set.encoding}: say the file's \`encoding\``, { ...culprit, row: 1 });
  }
  const other = [';', '\t', '|', ','].find((char) => char !== set.delimiter && header[0]?.includes(char));
  if (header.length === 1 && other !== undefined) {
    throw new BadInput(
      `Expected columns separated by '${set.delimiter}', got one column '${header[0]}': ` +
        `say \`delimiter: '${other === '\t' ? String.raw`\t` : other}'\``,
      culprit,
    );
  }
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw new BadInput('the header names this column twice', { ...culprit, column: twice });
  if (header.includes('')) {
    throw new BadInput(`the header has no name for column ${header.indexOf('') + 1}`, { ...culprit, row: 1 });
  }
  return header.map((name) => ({ name, type: 'VARCHAR' }));
}

function checkSameColumns(
  source: SourceDefinition,
  files: readonly OpenedFile[],
  columns: readonly (readonly FileColumn[])[],
): void {
  const first = columns[0] ?? [];
  const kinds = new Map(first.map(({ name, type }) => [name, kindOf(type)]));
  for (const [i, own] of columns.entries()) {
    const culprit = { source: source.name, file: files[i]?.name ?? '' };
    const missing = first.find(({ name }) => !own.some((other) => other.name === name));
    const extra = own.find(({ name }) => !kinds.has(name));
    if (missing !== undefined || extra !== undefined) {
      throw new BadInput(`Expected the columns of '${files[0]?.name}' (${namesOf(first)}), got ${namesOf(own)}`, {
        ...culprit,
        column: (missing ?? extra)?.name ?? '',
      });
    }
    const other = own.find(({ name, type }) => kinds.get(name) !== kindOf(type));
    if (other === undefined) continue;
    throw new BadInput(
      `Expected ${kinds.get(other.name)}, as in '${files[0]?.name}', got ${other.type}: write the files alike, ` +
        'or name them as two sets and cast in the select',
      { ...culprit, column: other.name },
    );
  }
}

const namesOf = (columns: readonly FileColumn[]): string => columns.map(({ name }) => name).join(', ');

/** Integers of different widths read alike; nothing else of different types does. */
const kindOf = (type: string): string => (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type) ? 'INTEGER' : type);
