import type { LookalikesActivities } from '../activities/lookalikes/lookalikes-activities.js';
import { pipeline } from '../dag/pipeline.js';
import { lookalikesParams } from './lookalikes-params.js';
import type { LookalikesParams } from './lookalikes-params.js';

const { param, field, each, task, map, check, publish, dag } = pipeline<LookalikesActivities, LookalikesParams>();

const fecha = param('fecha');
const source = param('source');
const seed = param('seed');
const codec = param('codec');

const ingested = task('ingestCustomers', { source });

const cleaned = task('cleanCustomers', {
  raw: field(ingested, 'raw'),
  source,
  fecha,
  cellLog: param('cellLog'),
  codec,
});
const customers = field(cleaned, 'customers');

const encoded = task('encodeCustomers', { customers, source });
const encoding = field(encoded, 'encoding');

const scaled = task('scaleCustomers', { encoded: field(encoded, 'encoded'), encoding, weights: param('weights') });
const matrix = field(scaled, 'matrix');

const index = task('buildLookalikeIndex', { matrix, exactUpTo: param('exactUpTo'), seed }, { queue: 'compute' });

const projected = task('projectCustomers', { matrix, components: param('components'), codec }, { queue: 'compute' });
const coordinates = field(projected, 'coordinates');

const audiences = map(
  'buildAudience',
  { audience: each(param('audiences')), customers, index: field(index, 'index'), seed, codec },
  { queue: 'compute', concurrency: 2 },
);

const placed = { coordinates, model: field(projected, 'model'), seed };
const customerPlots = task('plotCustomers', { clientes: field(cleaned, 'clientes'), ...placed });

const published = publish('publishCustomers', {
  fecha,
  cleaned,
  scaler: field(scaled, 'scaler'),
  index,
  coordinates,
  plots: field(customerPlots, 'plots'),
});

// An audience that cannot be made holds up neither the customers nor the other audiences.
const collected = task('collectAudiences', { audiences }, { trigger: 'all_done' });
const made = field(collected, 'audiences');
const audiencePlots = task('plotAudiences', { audiences: made, ...placed });

const publishedAudiences = publish(
  'publishAudiences',
  { fecha, configured: param('audiences'), audiences: made, plots: field(audiencePlots, 'plots'), codec },
  { after: [published] },
);

// The leaf that says how the run ended: it takes all audiences, so it cannot run where one could not be made.
const checked = check('checkAudiences', { audiences, held: field(publishedAudiences, 'held') }, { severity: 'warn' });

/** A table of customers, however dirty, becomes clean customers, an index of who is like whom, and audiences for a date. */
export const lookalikesDag = dag('lookalikes', { published, audiences: publishedAudiences, checked }, lookalikesParams);
