/** How many rows a case has that is meant for so many: fewer where the bench is only tried out. */
export type Size = (rows: number) => number;

/** 200k, 1M. */
export function ofRows(rows: number): string {
  if (rows >= 1e6 && rows % 1e5 === 0) return `${rows / 1e6}M`;
  return rows >= 1000 && rows % 100 === 0 ? `${rows / 1000}k` : String(rows);
}
