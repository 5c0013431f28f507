import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildKnnIndex } from '../../activities/build-knn-index.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { writeMatrix } from '../../lake/matrix-file.js';
import { outputOf, taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';

let space: TaskWorkspace;
let deps: ActivityDeps;

beforeAll(async () => {
  space = await taskWorkspace(1);
  ({ deps } = space);
});
afterAll(async () => space.remove());

/** The index of a point a row, of these ids. */
async function indexOf(ids: readonly string[]) {
  const file = join(space.folder, `${ids.length}.arrow`);
  const values = Float32Array.from(ids, (_, row) => row);
  await writeMatrix(file, { ids, columns: ['x'], matrix: { rows: ids.length, columns: 1, values } });
  const matrix = await putArtifact(deps.store, 'matrix', file, { rows: ids.length, schema: [] });
  return (await outputOf(deps, buildKnnIndex, { matrix })).index;
}

const inOrder = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i).padStart(6, '0'));

describe('a kNN index', () => {
  it('is of the points of ids that come once, in any order', async () => {
    // In UTF-8 the first comes before the second, in UTF-16 after it.
    for (const ids of [['a'], ['a', 'b'], ['b', 'a'], ['\uFFFD', '😀'], inOrder(120_000)]) {
      expect((await indexOf(ids)).rows).toBe(ids.length);
    }
  });

  it('is refused where an id comes again, beside the first or far from it', async () => {
    const far = [...inOrder(60_000), '000001'];
    for (const ids of [['a', 'a'], ['b', 'a', 'b'], ['b', 'a', 'a'], far]) {
      await expect(indexOf(ids)).rejects.toThrow('Expected every id once in artifacts/matrix/');
    }
  });
});
