/** SQL for two INTEGERs that are 62 bits of DuckDB's hash of some columns, 31 each: what `DuckDb.eachInts` can read. */
export const hashHalves = (columns: readonly string[]): { readonly high: string; readonly low: string } => {
  const hash = `hash(${columns.join(', ')})`;
  return { high: `(${hash} >> 33)::INTEGER`, low: `(${hash} & 2147483647)::INTEGER` };
};
