import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../dag/artifact.js';
import { keptContent } from '../../../lake/kept-content.js';

const artifact = (kind: string): Artifact => ({
  kind,
  uri: `artifacts/${kind}/x`,
  sha256: 'ab'.repeat(32),
  bytes: 1,
  rows: 1,
  schema: [],
});

const version = (tags: { readonly [tag: string]: string }) => {
  const file = { path: 'fecha_modelo=2026-07-01/part-x.parquet', fecha: '2026-07-01', bytes: 1, rows: 1, version: 0 };
  const unsaid = {
    when: undefined,
    operation: undefined,
    run: undefined,
    by: undefined,
    why: undefined,
    restored: undefined,
  };
  return { version: 0, ...unsaid, files: [{ ...file, tags: { sha256: 'cd'.repeat(32), ...tags } }] };
};

describe('the content of a partition', () => {
  it('has the artifacts that its tags name, also those inside what a tag says', () => {
    const tags = {
      knnIndex: JSON.stringify(artifact('knn_index')),
      lookalikeIndex: JSON.stringify({ index: artifact('lookalike_index'), graph: null, of: [artifact('pairs')] }),
      run: 'lookalikes/2026-07-01/x',
    };
    const { companions } = keptContent('tabla', '2026-07-01', version(tags));
    expect(companions.map(({ kind }) => kind)).toEqual(['knn_index', 'lookalike_index', 'pairs']);
  });

  it('has none where tags say something else', () => {
    expect(keptContent('tabla', '2026-07-01', version({ note: '{"a":1}', other: 'text' })).companions).toEqual([]);
  });
});
