import { BadConfig } from './bad-config.js';
import type { ConfigFile } from './config-schema.js';

/**
 * What the environment says goes above the file: SEGMENTA_LAKE, SEGMENTA_TIME_ZONE, SEGMENTA_THREADS, SEGMENTA_MEMORY,
 * TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_TLS, TEMPORAL_API_KEY, TEMPORAL_TASK_QUEUE, TEMPORAL_UI. The standard
 * AWS variables are read by the S3 client itself.
 */
export function environmentOverrides(config: ConfigFile, env: NodeJS.ProcessEnv): ConfigFile {
  const threads = env.SEGMENTA_THREADS === undefined ? config.engine.threads : Number(env.SEGMENTA_THREADS);
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new BadConfig(`SEGMENTA_THREADS: Expected a whole number of at least 1, got '${env.SEGMENTA_THREADS}'`);
  }
  const { temporal, engine } = config;
  return {
    ...config,
    lake: env.SEGMENTA_LAKE ?? config.lake,
    timeZone: env.SEGMENTA_TIME_ZONE ?? config.timeZone,
    engine: { ...engine, threads, memory: env.SEGMENTA_MEMORY ?? engine.memory },
    temporal: {
      ...temporal,
      address: env.TEMPORAL_ADDRESS ?? temporal.address,
      namespace: env.TEMPORAL_NAMESPACE ?? temporal.namespace,
      tls: env.TEMPORAL_TLS === undefined ? temporal.tls : flag('TEMPORAL_TLS', env.TEMPORAL_TLS),
      apiKey: env.TEMPORAL_API_KEY ?? temporal.apiKey,
      taskQueue: env.TEMPORAL_TASK_QUEUE ?? temporal.taskQueue,
      ui: env.TEMPORAL_UI ?? temporal.ui,
    },
  };
}

function flag(name: string, value: string): boolean {
  if (['true', '1', 'yes'].includes(value.toLowerCase())) return true;
  if (['false', '0', 'no', ''].includes(value.toLowerCase())) return false;
  throw new BadConfig(`${name}: Expected true or false, got '${value}'`);
}
