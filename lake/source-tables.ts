import { BadInput } from './bad-input.js';
import { readCsvHeader } from './csv-header.js';
import type { DuckDb } from './duckdb.js';
import type { FileSet, SourceDefinition } from './source-definition.js';
import type { SourceFile } from './source-files.js';
import { column, text, textList } from './sql.js';

export interface OpenedFile extends SourceFile {
  readonly path: string;
}

/**
 * Makes `view`, the rows of the set of files called `name`, csv columns as text. All files must have the same columns, in any
 * order; a row that does not fit its header is refused when it is read, with its line.
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
  const groups = new Map<string, { file: OpenedFile; columns: readonly string[] }[]>();
  for (const [i, file] of files.entries()) {
    const own = columns[i] ?? [];
    const layout = JSON.stringify([file.format, own]);
    groups.set(layout, [...(groups.get(layout) ?? []), { file, columns: own }]);
  }
  const reads = [...groups.values()].map((group) => `SELECT * FROM ${readFunction(set, group)}`);
  await db.run(`CREATE VIEW ${column(view)} AS ${reads.join(' UNION ALL BY NAME ')}`);
}

function readFunction(set: FileSet, group: readonly { file: OpenedFile; columns: readonly string[] }[]): string {
  const paths = textList(group.map(({ file }) => file.path));
  if (group[0]?.file.format === 'parquet') return `read_parquet(${paths})`;
  const columns = (group[0]?.columns ?? []).map((name) => `${text(name)}: 'VARCHAR'`).join(', ');
  // Everything is said, nothing detected: a guess that changes with the content is worse than a refusal.
  return (
    `read_csv(${paths}, auto_detect = false, columns = {${columns}}, header = true, delim = ${text(set.delimiter)}, ` +
    `quote = ${text(set.quote)}, escape = ${text(set.quote)}, encoding = ${text(set.encoding)}, ` +
    'strict_mode = true, null_padding = false, ignore_errors = false)'
  );
}

async function columnsOf(db: DuckDb, source: SourceDefinition, set: FileSet, file: OpenedFile): Promise<string[]> {
  const culprit = { source: source.name, file: file.name };
  if (file.format === 'parquet') {
    const described = await db
      .describe(`SELECT * FROM read_parquet(${textList([file.path])})`)
      .catch((error: unknown) => {
        throw new BadInput(`Expected a whole Parquet file; ${firstLine(error)}. Fetch it again`, culprit, {
          cause: error,
        });
      });
    return described.map(({ name }) => name);
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
  return header;
}

function checkSameColumns(
  source: SourceDefinition,
  files: readonly OpenedFile[],
  columns: readonly (readonly string[])[],
): void {
  const first = columns[0] ?? [];
  for (const [i, own] of columns.entries()) {
    const missing = first.find((name) => !own.includes(name));
    const extra = own.find((name) => !first.includes(name));
    if (missing === undefined && extra === undefined) continue;
    const culprit = { source: source.name, file: files[i]?.name ?? '', column: missing ?? extra ?? '' };
    throw new BadInput(
      `Expected the columns of '${files[0]?.name}' (${first.join(', ')}), got ${own.join(', ')}`,
      culprit,
    );
  }
}

/** Turns what DuckDB says of a file's rows or of the select into an error that names the culprit. */
export function readFailure(source: SourceDefinition, files: readonly OpenedFile[], error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const path = /^\s*file ?= ?(.+)$/m.exec(message)?.[1]?.trim();
  const file = files.find((candidate) => candidate.path === path || message.includes(candidate.path));
  const culprit = { source: source.name, ...(file === undefined ? {} : { file: file.name }) };
  const csv = /CSV Error on Line: (\d+)/.exec(message);
  if (csv !== null) {
    const row = Number(csv[1]);
    const line = /Original Line: ?(.*)/.exec(message)?.[1]?.slice(0, 120) ?? '';
    const what = message
      .split('\n')
      .find((part) => /Expected|quote|unicode|too long|Invalid/i.test(part) && !part.includes('CSV Error'));
    const encoding = /unicode|utf/i.test(message) ? ". Say the file's `encoding`, for instance latin-1" : '';
    const cut = /Expected Number of Columns|quote/i.test(message)
      ? '. The file may be cut off, or the row damaged'
      : '';
    return new BadInput(
      `${(what ?? 'cannot be read').trim()}${encoding}${cut}: ${line}`,
      { ...culprit, row },
      { cause: error },
    );
  }
  if (/^(Binder|Catalog|Parser|Syntax) Error|Conversion Error/.test(message)) {
    const columns = /Referenced column "([^"]+)" not found/.exec(message)?.[1];
    const named = columns === undefined ? {} : { column: columns };
    return new BadInput(
      `the source's \`select\` does not fit its files: ${message.split('\n\n')[0]}`,
      { ...culprit, ...named },
      { cause: error },
    );
  }
  if (/Invalid Input Error|No magic bytes|Parquet|snappy|zstd|deserialize|Invalid Error/i.test(message)) {
    return new BadInput(`cannot be read: ${firstLine(error)}. Is it whole?`, culprit, { cause: error });
  }
  return error;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.trim() ?? '';
