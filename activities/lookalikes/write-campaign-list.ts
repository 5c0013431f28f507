import type { DuckDb } from '../../lake/duckdb.js';
import { parquetFile, text } from '../../lake/sql.js';
import { spreadsheetSafe } from '../spreadsheet-safe.js';

/**
 * Writes an audience's members as csv, the best first: `posicion, customer_id, score, percentil`. Ids that would act in a
 * spreadsheet carry an apostrophe (`spreadsheetSafe`); numbers stay numbers.
 */
export async function writeCampaignList(db: DuckDb, members: string, file: string): Promise<void> {
  await db.run(`COPY (SELECT posicion, ${spreadsheetSafe('m.customer_id')} AS customer_id, score, percentil
    FROM ${parquetFile(members)} m ORDER BY posicion) TO ${text(file)} (FORMAT csv, HEADER)`);
}
