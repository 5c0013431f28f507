import { z } from 'zod';
import { badConfig } from './bad-config.js';

const variables = z.object({
  SEGMENTA_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'Expected one of trace, debug, info, warn, error, silent',
    })
    .default('info'),
});

export type LogLevel = z.infer<typeof variables>['SEGMENTA_LOG_LEVEL'];

/**
 * From which level on a worker says what it does. By the environment alone: a configuration that cannot be read is to be
 * said, too. An empty variable counts as one that is not set. Throws `BadConfig` naming the variable.
 */
export function logLevel(env: NodeJS.ProcessEnv): LogLevel {
  const parsed = variables.safeParse({ SEGMENTA_LOG_LEVEL: env.SEGMENTA_LOG_LEVEL || undefined });
  if (!parsed.success) throw badConfig('environment', parsed.error);
  return parsed.data.SEGMENTA_LOG_LEVEL;
}
