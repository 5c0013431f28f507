import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { followRun, startRun } from '../../cli/temporal-run.js';
import { loadConfig } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { onTemporal, publishedFigures } from './on-temporal.js';
import { drive } from './side.js';

const settings = z.object({
  source: z.string(),
  fecha: z.string(),
  window: z.number(),
  ks: z.array(z.number()),
  restarts: z.number(),
  seed: z.number(),
  minShare: z.number(),
  maxRubros: z.number(),
  digitalChannels: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  scores: z.record(z.string(), z.array(z.string())),
  out: z.string(),
});

/** The segmentation DAG on Temporal: timed from the start of its run until the client knows of its end. */
await drive(async (said) => {
  const { source, fecha, ks, out, ...params } = settings.parse(said);
  const file = join(out, 'segmenta.yaml');
  const tarjetas = {
    files: { transacciones: { path: source, format: 'parquet' } },
    select: 'select dni, fecha, rubro, canal, monto, ubicacion, producto from transacciones',
    positiveAmounts: true,
  };
  const segmentation = { ...params, k: `${Math.min(...ks)}..${Math.max(...ks)}` };
  await mkdir(out, { recursive: true });
  await writeFile(file, stringify({ sources: { tarjetas }, dags: { segmentation } }));
  const config = await loadConfig({ file, cwd: out, env: {} });
  const temporal = await onTemporal(config, out);
  return {
    before: temporal.renew,
    run: async () => {
      const { config, temporal: client } = temporal.now();
      const run = await startRun(client, segmentationDag, runParams(config, segmentationDag, fecha, []));
      const { outcome, failure } = await followRun(client, run, { onChange: () => {}, say: () => {} });
      if (outcome !== 'success')
        throw new Error(`Expected a run that succeeds, got ${outcome}: ${failure?.message ?? ''}`);
    },
    tell: async () => publishedFigures(temporal.now().config, fecha),
    pid: () => temporal.now().pid,
  };
});
