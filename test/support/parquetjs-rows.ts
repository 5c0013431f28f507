import { createRequire } from 'node:module';

interface ParquetReader {
  getCursor(): { next(): Promise<{ readonly [column: string]: unknown } | null> };
  close(): Promise<void>;
}

/** The package comes without types; these are the two calls that are used here, as its README shows them. */
const { ParquetReader } = createRequire(import.meta.url)('parquetjs-lite') as {
  readonly ParquetReader: { openFile(path: string): Promise<ParquetReader> };
};

/** A file's rows as parquetjs-lite reads them. Dictionary-coded numbers come as strings. */
export async function parquetjsRows(path: string): Promise<{ readonly [column: string]: unknown }[]> {
  const reader = await ParquetReader.openFile(path);
  try {
    const cursor = reader.getCursor();
    const rows: { readonly [column: string]: unknown }[] = [];
    for (let row = await cursor.next(); row !== null; row = await cursor.next()) rows.push(row);
    return rows;
  } finally {
    await reader.close();
  }
}
