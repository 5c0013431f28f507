import type { ActivityOf } from '../define-activity.js';
import { alertOwner } from './alert-owner.js';
import { askApproval } from './ask-approval.js';
import { checkStores, checkTotals } from './check-sales.js';
import { layOutSales } from './lay-out-sales.js';
import { publishSales } from './publish-sales.js';
import { rankStores } from './rank-stores.js';
import { readSales } from './read-sales.js';
import { summarizeStore } from './summarize-store.js';

/** What the DAGs `ventas` and `ranking` can call, by the name their tasks use. */
export const ventasActivities = {
  readSales,
  summarizeStore,
  checkTotals,
  checkStores,
  askApproval,
  layOutSales,
  publishSales,
  alertOwner,
  rankStores,
};

export type VentasActivities = {
  readonly [Name in keyof typeof ventasActivities]: ActivityOf<(typeof ventasActivities)[Name]>;
};
