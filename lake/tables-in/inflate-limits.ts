/** Of one file or part, inflated. The largest sheet that there is, 1,048,576 rows of 100 numbers, has about 5 GB. */
const MAX_INFLATED = 8 * 1024 ** 3;
/**
 * How many times larger than its packed bytes it may be. Sheets pack 5 to 20 times, rows that are all alike up to 420;
 * deflate's limit, which bombs come close to, is 1,032. What is small is harmless whatever its ratio.
 */
const MAX_RATIO = 500;
const HARMLESS = 64 * 1024 ** 2;

/** Whether so many bytes, unpacked from so few, are there to fill a memory or a disk. */
export const isBomb = (packed: number, unpacked: number): boolean =>
  unpacked > HARMLESS && (unpacked > MAX_INFLATED || unpacked > MAX_RATIO * packed);
