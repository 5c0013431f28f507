import { z } from 'zod';
import { requestedBackfill } from '../../cli/backfill-request.js';
import { followBackfill, startBackfill } from '../../cli/temporal-backfill.js';
import { loadConfig } from '../../config/load-config.js';
import { openStore } from '../../lake/open-store.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { onTemporal, publishedFigures } from './on-temporal.js';
import { drive } from './side.js';

const settings = z.object({ dates: z.array(z.string()).min(1), restarts: z.number(), out: z.string() });

/** A backfill of weekly dates on Temporal, with the configuration of the data set. */
await drive(async (said) => {
  const { dates, restarts, out } = settings.parse(said);
  const [from = '', to = ''] = [dates[0], dates.at(-1)];
  const config = await loadConfig({ file: 'configs/completejourney.yaml', cwd: process.cwd(), env: {} });
  const temporal = await onTemporal(config, out);
  let runs = 0;
  return {
    before: temporal.renew,
    run: async () => {
      const { config, temporal: client } = temporal.now();
      const asked = { from, to, every: 'week', maxRuns: '4', only: 'all', param: [`restarts=${restarts}`] };
      const plan = await requestedBackfill(config, openStore(config.lake), segmentationDag, asked);
      if (plan.dates.length !== dates.length)
        throw new Error(`Expected ${dates.length} dates, got ${plan.dates.length}`);
      runs += 1;
      const handle = await startBackfill(client, segmentationDag, `segmentation/bench-${runs}`, plan);
      const { outcome, message } = await followBackfill(client, handle, plan, { onChange: () => {}, say: () => {} });
      if (outcome !== 'success') throw new Error(`Expected a backfill that succeeds, got ${outcome}: ${message ?? ''}`);
    },
    tell: async () => publishedFigures(temporal.now().config, to),
    pid: () => temporal.now().pid,
  };
});
