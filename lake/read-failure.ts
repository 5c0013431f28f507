import { BadInput } from './bad-input.js';
import type { SourceDefinition } from './source-definition.js';
import type { SourceFile } from './source-files.js';

/**
 * Turns what DuckDB says of a source's files, their rows or its select into a `BadInput` that names the culprit. What
 * is neither (a disk that fails, too many open files) comes back as it is, to be tried again.
 */
export function readFailure(
  source: SourceDefinition,
  files: readonly (SourceFile & { readonly path: string })[],
  error: unknown,
): unknown {
  if (error instanceof BadInput) return error;
  const message = error instanceof Error ? error.message : String(error);
  const path = /^\s*file ?= ?(.+)$/m.exec(message)?.[1]?.trim();
  const file = files.find((candidate) => candidate.path === path || message.includes(candidate.path));
  const culprit = { source: source.name, ...(file === undefined ? {} : { file: file.name }) };
  const bad = (what: string, more = {}): BadInput => new BadInput(what, { ...culprit, ...more }, { cause: error });

  const csv = /CSV Error on Line: (\d+)/.exec(message);
  if (csv !== null) return bad(csvFault(message), { row: Number(csv[1]) });
  if (/^(Binder|Catalog|Parser|Syntax) Error|Conversion Error/.test(message)) {
    const name = /Referenced column "([^"]+)" not found/.exec(message)?.[1];
    const named = name === undefined ? {} : { column: name };
    return bad(`the source's \`select\` does not fit its files: ${message.split('\n\n')[0]}`, named);
  }
  // By the class of the error, at its start: the rest of the message holds paths.
  const damaged = /^(Invalid Input|Invalid|Serialization|Out of Range) Error/.test(message);
  const unfit = /^IO Error.*(magic bytes|too small to be a Parquet|Permission denied)/s.test(message);
  if (!damaged && !unfit) return error;
  const format = file?.format === 'parquet' ? 'Parquet' : 'csv';
  return bad(`Expected a whole ${format} file that may be read, got: ${firstLine(error)}`);
}

function csvFault(message: string): string {
  const line = /Original Line: ?(.*)/.exec(message)?.[1]?.slice(0, 120) ?? '';
  const what = message
    .split('\n')
    .find((part) => /Expected|quote|unicode|too long|Invalid/i.test(part) && !part.includes('CSV Error'));
  const encoding = /unicode|utf/i.test(message) ? ". Say the file's `encoding`, for instance latin-1" : '';
  const cut = /Expected Number of Columns|quote/i.test(message) ? '. The file may be cut off, or the row damaged' : '';
  return `${(what ?? 'cannot be read').trim()}${encoding}${cut}: ${line}`;
}

export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.trim() ?? '';
