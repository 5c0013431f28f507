import { afterEach, beforeEach } from 'vitest';
import { cleanTable } from './clean-table.js';
import type { CleanTableOptions, CleanedTable } from './clean-table.js';
import { workspace } from './run-segmentation.js';
import type { Workspace } from './run-segmentation.js';

/** `cleanTable` for the tests of a file, each in a workspace of its own; the table's ids are in `customer_id`. */
export function cleanInWorkspace() {
  let space: Workspace;
  beforeEach(async () => {
    space = await workspace();
  });
  afterEach(() => space.remove());
  return (
    cells: CleanTableOptions['cells'],
    columns: object,
    said: Partial<CleanTableOptions> = {},
  ): Promise<CleanedTable> =>
    cleanTable({ workspace: space, cells, columns: { customer_id: { kind: 'id' }, ...columns }, ...said });
}
