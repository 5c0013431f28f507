import type { Row } from '../row.js';
import { taskNotes } from '../worker-log.js';
import { pipelineSettings } from './pipeline-rows.js';
import { type Size, ofRows } from './size.js';
import { featureSettings } from './table-rows.js';

const SIZES = [1_000_000, 5_000_000, 25_000_000, 50_000_000];
/** Customers grow with the rows, as they do where a shop grows. */
const ROWS_EACH = 25;
const MEMORY_MIB = 4096;

/** The same work at four sizes, by ours alone. */
export function growthRows(size: Size): readonly Row[] {
  return SIZES.map(size).flatMap((rows) => {
    const customers = Math.ceil(rows / ROWS_EACH);
    const said = `${ofRows(rows)} transactions, ${ofRows(customers)} customers`;
    const shared = { group: 'growth', peers: [], roundsAtMost: 2, judge: never } as const;
    const at = (work: string) => ({ work, millions: rows / 1e6, memoryAtMostMiB: MEMORY_MIB });
    return [
      {
        ...shared,
        title: `growth, features, ${said}`,
        script: 'features',
        size: at('features'),
        prepare: async (data) => featureSettings(await data.ingested(rows, customers), rows),
      },
      {
        ...shared,
        title: `growth, whole pipeline, ${said}`,
        script: 'pipeline',
        size: at('whole pipeline'),
        prepare: async (data) => pipelineSettings(await data.transactions(rows, customers)),
        notes: taskNotes,
      },
    ] satisfies readonly Row[];
  });
}

const never: Row['judge'] = () => Promise.reject(new Error('Expected no peers to judge'));
