import type { ActivityOf } from '../define-activity.js';
import { buildAudience } from './build-audience.js';
import { buildLookalikeIndex } from './build-lookalike-index.js';
import { checkAudiences } from './check-audiences.js';
import { cleanCustomers } from './clean-customers.js';
import { collectAudiences } from './collect-audiences.js';
import { encodeCustomers } from './encode-customers.js';
import { ingestCustomers } from './ingest-customers.js';
import { plotAudiences } from './plot-audiences.js';
import { plotCustomers } from './plot-customers.js';
import { projectCustomers } from './project-customers.js';
import { publishAudiences } from './publish-audiences.js';
import { publishCustomers } from './publish-customers.js';
import { scaleCustomers } from './scale-customers.js';

/** Everything the `lookalikes` DAG can call, by the name its tasks use. */
export const lookalikesActivities = {
  ingestCustomers,
  cleanCustomers,
  encodeCustomers,
  scaleCustomers,
  buildLookalikeIndex,
  projectCustomers,
  buildAudience,
  plotCustomers,
  publishCustomers,
  collectAudiences,
  plotAudiences,
  publishAudiences,
  checkAudiences,
};

export type LookalikesActivities = {
  readonly [Name in keyof typeof lookalikesActivities]: ActivityOf<(typeof lookalikesActivities)[Name]>;
};
