/** What the columns of a customer table hold, for who compares them. */
export type ValueType = 'text' | 'number' | 'flag' | 'date';

/** A cell: dates as ISO texts, null where missing. */
export type CellValue = string | number | boolean | null;
