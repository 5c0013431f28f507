import type { SegmentationActivities } from '../activities/segmentation-activities.js';
import { pipeline } from '../dag/pipeline.js';
import { segmentationParams } from './segmentation-params.js';
import type { SegmentationParams } from './segmentation-params.js';

const { param, field, task, publish, dag } = pipeline<SegmentationActivities, SegmentationParams>();

const fecha = param('fecha');

const ingested = task('ingestTransactions', {
  source: param('source'),
  fecha,
  window: param('window'),
  timeZone: param('timeZone'),
});
const transactions = field(ingested, 'transactions');

const built = task('buildFeatures', {
  transactions,
  fecha,
  minShare: param('minShare'),
  maxRubros: param('maxRubros'),
  log1p: param('log1p'),
  digitalChannels: param('digitalChannels'),
});

const scaled = task('scaleFeatures', { features: field(built, 'features') });
const matrix = field(scaled, 'matrix');

const clusters = task(
  'fitClusters',
  { matrix, k: param('k'), restarts: param('restarts'), seed: param('seed') },
  { queue: 'compute' },
);

const segments = task('nameClusters', {
  fecha,
  customers: field(ingested, 'customers'),
  purchases: field(built, 'purchases'),
  assignments: field(clusters, 'assignments'),
  labels: param('labels'),
  scores: param('scores'),
  codec: param('codec'),
});

const indexed = task('buildKnnIndex', { matrix });

const published = publish('publishSegments', { fecha, segments, index: field(indexed, 'index') });

/** Card transactions become named customer segments, scores and a nearest-neighbour index, published for a date. */
export const segmentationDag = dag('segmentation', { published }, segmentationParams);
