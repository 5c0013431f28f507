/** Of one file or part, inflated. The largest sheet that there is, 1,048,576 rows of 100 numbers, has about 5 GB. */
const MAX_INFLATED = 8 * 1024 ** 3;
/** What is small is harmless whatever its ratio. */
const HARMLESS = 64 * 1024 ** 2;

/**
 * How many times larger than its packed bytes something may be; deflate's limit, which bombs come close to, is 1,032.
 * Sheets pack 5 to 20 times, rows that are all alike up to 420. The text of a csv says less twice: it packs 3 to 20
 * times, and rows that are alike but for their id up to 130.
 */
export const MAX_RATIO = { part: 500, csv: 200 } as const;

/** Bytes of a part that is taken into memory: the list of sheets, the styles. A workbook's 65,490 styles have ten MB. */
export const MAX_LIST = HARMLESS;

/** Whether so many bytes, unpacked from so few, are there to fill a memory or a disk. */
export const isBomb = (packed: number, unpacked: number, of: keyof typeof MAX_RATIO): boolean =>
  unpacked > HARMLESS && (unpacked > MAX_INFLATED || unpacked > MAX_RATIO[of] * packed);
