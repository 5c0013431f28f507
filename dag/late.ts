const LATE = 'Late';

/** What a task waited for did not come in time. */
export class Late extends Error {
  override readonly name = LATE;
}

/** Whether a failure's type is that of `Late`. */
export const isLate = (type: string): boolean => type === LATE;
