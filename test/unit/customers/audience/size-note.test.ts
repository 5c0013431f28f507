import { describe, expect, it } from 'vitest';
import { sizeNote } from '../../../../customers/audience/size-note.js';

describe('the size of an audience', () => {
  it('is told of where there are fewer candidates', () => {
    expect(sizeNote(5_000, 549)).toBe('asked for 5,000, but there are 549 candidates: all of them are in it');
    expect(sizeNote(549, 549)).toBeUndefined();
    expect(sizeNote(undefined, 0)).toBeUndefined();
  });
});
