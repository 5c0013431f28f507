import { z } from 'zod';
import { timeZone } from '../dag/time-zone.js';
import { badConfig } from './bad-config.js';
import { memorySize } from './config-schema.js';
import type { ConfigFile } from './config-schema.js';
import { lakeUrl } from './lake-url.js';
import { listenAddress } from './listen-address.js';

const wholeNumber = { error: 'Expected a whole number of at least 1' };

const variables = z.object({
  SEGMENTA_LAKE: z.string().optional(),
  SEGMENTA_TIME_ZONE: timeZone.optional(),
  SEGMENTA_THREADS: z.coerce.number(wholeNumber).int(wholeNumber).min(1, wholeNumber).optional(),
  SEGMENTA_MEMORY: memorySize.optional(),
  SEGMENTA_BUILD_ID: z.string().optional(),
  SEGMENTA_METRICS: listenAddress.optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().optional(),
  TEMPORAL_TLS: z.stringbool({ error: 'Expected true or false' }).optional(),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TASK_QUEUE: z.string().optional(),
  TEMPORAL_UI: z.url({ error: 'Expected a URL' }).optional(),
});

/**
 * What the environment says goes above the file: SEGMENTA_LAKE (a path is relative to `cwd`), SEGMENTA_TIME_ZONE,
 * SEGMENTA_THREADS, SEGMENTA_MEMORY, SEGMENTA_BUILD_ID, SEGMENTA_METRICS, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
 * TEMPORAL_TLS, TEMPORAL_API_KEY, TEMPORAL_TASK_QUEUE, TEMPORAL_UI. An empty variable counts as one that is not set. The
 * standard AWS variables are read by the S3 client itself. Throws `BadConfig` naming the variable.
 */
export function environmentOverrides(config: ConfigFile, cwd: string, env: NodeJS.ProcessEnv): ConfigFile {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(set);
  if (!parsed.success) throw badConfig('environment', parsed.error);
  const said = parsed.data;
  const { temporal, engine, worker } = config;
  return {
    ...config,
    lake:
      said.SEGMENTA_LAKE === undefined ? config.lake : lakeUrl(said.SEGMENTA_LAKE, cwd, 'environment: SEGMENTA_LAKE'),
    timeZone: said.SEGMENTA_TIME_ZONE ?? config.timeZone,
    engine: { threads: said.SEGMENTA_THREADS ?? engine.threads, memory: said.SEGMENTA_MEMORY ?? engine.memory },
    worker: { ...worker, build: said.SEGMENTA_BUILD_ID ?? worker.build },
    metrics: { listen: said.SEGMENTA_METRICS ?? config.metrics.listen },
    temporal: {
      address: said.TEMPORAL_ADDRESS ?? temporal.address,
      namespace: said.TEMPORAL_NAMESPACE ?? temporal.namespace,
      tls: said.TEMPORAL_TLS ?? temporal.tls,
      apiKey: said.TEMPORAL_API_KEY ?? temporal.apiKey,
      taskQueue: said.TEMPORAL_TASK_QUEUE ?? temporal.taskQueue,
      ui: said.TEMPORAL_UI ?? temporal.ui,
    },
  };
}
