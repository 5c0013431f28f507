/** What to say of an audience that was to have more customers than there are candidates. */
export const sizeNote = (size: number | undefined, candidates: number): string | undefined =>
  size === undefined || size <= candidates
    ? undefined
    : `asked for ${size.toLocaleString('en')}, but there are ${candidates.toLocaleString('en')} candidates: all of them are in it`;
