import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '../../lake/bad-input.js';
import { readTable } from '../../lake/tables-in/read-table.js';
import type { TableFormat } from '../../lake/tables-in/read-table.js';
import type { TableRead } from '../../lake/tables-in/table-visitor.js';

export interface ReadRows {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly read: TableRead;
}

/** A folder for files to read. */
export interface FilesToRead {
  /** Writes a file and reads all or some of its columns. */
  read(
    content: string | Uint8Array,
    format?: Partial<TableFormat> & {
      readonly ending?: string;
      readonly columns?: readonly number[];
      progress?(bytes: number): void;
    },
  ): Promise<ReadRows>;
  /** The `BadInput` that reading ends with. */
  refusal(
    content: string | Uint8Array,
    format?: Partial<TableFormat> & { readonly ending?: string; progress?(bytes: number): void },
  ): Promise<BadInput>;
  remove(): Promise<void>;
}

export async function filesToRead(): Promise<FilesToRead> {
  const folder = await mkdtemp(join(tmpdir(), 'segmenta-tables-'));
  const read: FilesToRead['read'] = async (content, { ending, columns, progress = () => undefined, ...said } = {}) => {
    const format: TableFormat = { format: 'csv', delimiter: ',', quote: '"', encoding: 'utf-8', ...said };
    const path = join(folder, `${randomUUID()}${ending ?? `.${format.format}`}`);
    await writeFile(path, content);
    let headers: readonly string[] = [];
    const rows: (readonly (string | null)[])[] = [];
    const table = { source: 'clientes', name: 'clientes.file', path };
    const visitor = {
      header: (names: readonly string[]) => {
        headers = names;
        return columns ?? names.map((_name, column) => column);
      },
      row: (values: readonly (string | null)[]) => rows.push(values) > 0,
    };
    const reading = { signal: new AbortController().signal, progress };
    try {
      return { read: await readTable(table, format, visitor, reading), headers, rows };
    } finally {
      await rm(path);
    }
  };
  return {
    read,
    refusal: async (content, format) => {
      const error: unknown = await read(content, format).then(
        ({ rows }) => new Error(`Expected a refusal, got rows ${JSON.stringify(rows).slice(0, 200)}`),
        (reason: unknown) => reason,
      );
      if (error instanceof BadInput) return error;
      throw error;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
