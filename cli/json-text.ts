/** JSON of rows: a 64-bit integer is a number where a number holds it exactly, else its digits as a text. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? fitting(field) : field));

const fitting = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
