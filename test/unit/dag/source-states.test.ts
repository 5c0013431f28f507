import { describe, expect, it } from 'vitest';
import { paramChanges } from '../../../dag/param-changes.js';
import { fileChanges, filesIn } from '../../../dag/source-states.js';

const file = (name: string, etag = 'a', bytes = 10) => ({ name, etag, bytes, format: 'csv' });

describe('filesIn', () => {
  it('finds what has a name, a size and an etag, wherever it stands', () => {
    expect(filesIn({ movimientos: [file('a.csv'), file('b.csv')], rubros: [file('c.csv')] })).toEqual(
      ['a.csv', 'b.csv', 'c.csv'].map((name) => ({ name, etag: 'a', bytes: 10 })),
    );
    expect(filesIn('an etag')).toEqual([]);
    expect(filesIn(undefined)).toEqual([]);
  });
});

describe('fileChanges', () => {
  it('tells what is the same, changed, new and gone', () => {
    const before = filesIn([file('same'), file('changed'), file('gone')]);
    const after = filesIn([file('same'), file('changed', 'b', 12), file('new')]);
    expect(fileChanges(before, after).map(({ name, change }) => [name, change])).toEqual([
      ['same', 'same'],
      ['changed', 'changed'],
      ['new', 'new'],
      ['gone', 'gone'],
    ]);
    expect(fileChanges(before, after)[1]).toEqual({ name: 'changed', bytes: 12, bytesBefore: 10, change: 'changed' });
  });

  it('cannot tell where the run before did not record its files', () => {
    expect(fileChanges(undefined, filesIn([file('a')]))[0]?.change).toBe('unknown');
  });
});

describe('paramChanges', () => {
  it('names what differs, short values as they are, dates of the run aside', () => {
    const before = { fecha: '2017-06-26', k: 6, source: { name: 'a', select: 'x'.repeat(100) }, labels: {} };
    const after = {
      fecha: '2017-07-03',
      k: { from: 2, to: 8 },
      source: { name: 'a', select: 'y'.repeat(100) },
      seed: 1,
    };
    expect(paramChanges(before, after)).toEqual([
      'k: 6 -> {"from":2,"to":8}',
      'source.select changed',
      'labels: {} -> none',
      'seed: none -> 1',
    ]);
    expect(paramChanges(before, before)).toEqual([]);
  });
});
