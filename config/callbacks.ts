import { z } from 'zod';
import type { Callback } from '../dag/callback.js';
import { RUN_EVENTS } from '../dag/run-event.js';
import { BadConfig } from './bad-config.js';

/** Without user and password, which fetch refuses. The message leaves the url out: it may be a secret. */
const callbackUrl = z.string().refine(isCallbackUrl, {
  error: 'Expected a url with http or https, and without user and password',
});

export const callbackSchema = z.strictObject({
  url: callbackUrl,
  on: z.array(z.enum(RUN_EVENTS)).min(1).default(['failure', 'deadline']),
  dags: z.array(z.string().min(1)).min(1).optional(),
  /** Name of the environment variable with the HMAC key: a file is no place for it. */
  secretEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'Expected the name of an environment variable, not the secret' })
    .optional(),
});

export type CallbackEntry = z.infer<typeof callbackSchema>;

function isCallbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** The callbacks with their keys out of the environment. Throws `BadConfig` naming the variables that are not set. */
export function withSecrets(path: string, entries: readonly CallbackEntry[], env: NodeJS.ProcessEnv): Callback[] {
  const missing = entries.flatMap(({ secretEnv }, index) =>
    secretEnv === undefined || env[secretEnv]
      ? []
      : [`${path}: callbacks.${index}.secretEnv: Expected an HMAC key in the variable ${secretEnv}, which is not set`],
  );
  if (missing.length > 0) throw new BadConfig(missing.join('\n'));
  return entries.map(({ url, on, dags, secretEnv }) => {
    const secret = secretEnv === undefined ? undefined : env[secretEnv];
    return { url, on, ...(dags === undefined ? {} : { dags }), ...(secret === undefined ? {} : { secret }) };
  });
}

/** Throws `BadConfig` where a callback is for a DAG that is not there, and so would never be called. */
export function checkCallbackDags(callbacks: readonly Callback[], known: readonly string[]): void {
  const unknown = callbacks.flatMap(({ dags = [] }) => dags).find((dag) => !known.includes(dag));
  if (unknown === undefined) return;
  throw new BadConfig(`callbacks: Expected one of the DAGs (${known.join(', ')}) under \`dags\`, got '${unknown}'`);
}
