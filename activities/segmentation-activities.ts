import { buildFeatures } from './build-features.js';
import { buildKnnIndex } from './build-knn-index.js';
import type { ActivityOf } from './define-activity.js';
import { fitClusters } from './fit-clusters.js';
import { ingestTransactions } from './ingest-transactions.js';
import { nameClusters } from './name-clusters.js';
import { publishSegments } from './publish-segments.js';
import { scaleFeatures } from './scale-features.js';

/** Everything the `segmentation` DAG can call, by the name its tasks use. */
export const segmentationActivities = {
  ingestTransactions,
  buildFeatures,
  scaleFeatures,
  fitClusters,
  nameClusters,
  buildKnnIndex,
  publishSegments,
};

export type SegmentationActivities = {
  readonly [Name in keyof typeof segmentationActivities]: ActivityOf<(typeof segmentationActivities)[Name]>;
};
