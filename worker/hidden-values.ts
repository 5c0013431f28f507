import type { Config } from '../config/load-config.js';

/** Shorter ones would be found everywhere. */
const SHORTEST = 6;

/** What may never be in a log: keys, and addresses of callbacks, which can be keys themselves. */
export function hiddenValues(env: NodeJS.ProcessEnv, config?: Pick<Config, 'temporal' | 'callbacks'>): string[] {
  const values = [
    env['AWS_SECRET_ACCESS_KEY'],
    env['AWS_SESSION_TOKEN'],
    env['TEMPORAL_API_KEY'],
    config?.temporal.apiKey,
    ...(config?.callbacks.flatMap(({ secret, url }) => [secret, hasPath(url) ? url : undefined]) ?? []),
  ];
  return values.flatMap((value) => (value === undefined || value.length < SHORTEST ? [] : [value]));
}

/** A host alone is no secret. */
const hasPath = (url: string): boolean => new URL(url).href !== `${new URL(url).origin}/`;

/** Replaces the values wherever they are in a line of JSON, whatever field or message they came with. */
export function hiding(values: readonly string[]): (line: string) => string {
  // A value within another one goes after it.
  const written = values.map((value) => JSON.stringify(value).slice(1, -1)).toSorted((a, b) => b.length - a.length);
  return (line) => written.reduce((text, value) => text.replaceAll(value, '[hidden]'), line);
}
