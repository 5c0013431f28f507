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
  const longestFirst = values.toSorted((a, b) => b.length - a.length);
  const written = values.map((value) => JSON.stringify(value).slice(1, -1));
  const hide = (_key: string, value: unknown): unknown =>
    typeof value === 'string'
      ? longestFirst.reduce((text, hidden) => text.replaceAll(hidden, '[hidden]'), value)
      : value;
  // Read only where there may be one. Replaced in the text itself, half an escape could stay behind.
  return (line) =>
    written.some((value) => line.includes(value)) ? `${JSON.stringify(JSON.parse(line, hide))}\n` : line;
}
