import type { Artifact } from '../../dag/artifact.js';
import { publishPartition } from '../../lake/publish-partition.js';
import type { Published } from '../../lake/publish-partition.js';
import { VENTAS_TIENDA } from '../../lake/ventas-table.js';
import { defineActivity } from '../define-activity.js';

export interface PublishSalesInput {
  readonly fecha: string;
  /** Absent where there is nothing to publish: its task may be skipped. */
  readonly rows: Artifact<'ventas_tienda'> | undefined;
}

/** Publishes the date's partition. */
export const publishSales = defineActivity<PublishSalesInput, Published>({
  version: 1,
  cache: 'never',
  async run({ fecha, rows }, context) {
    if (rows === undefined) return { skip: 'there are no sales to publish' };
    const file = await context.open(rows);
    const partition = { table: VENTAS_TIENDA, fecha, file, content: rows, rows: rows.rows, tags: {}, run: context.run };
    const output = await context.transferring('publishing', publishPartition(context.store, partition));
    return {
      output,
      note: `${output.unchanged ? 'unchanged' : `${rows.rows} stores`}, version ${output.version}`,
      unchanged: output.unchanged,
    };
  },
});
