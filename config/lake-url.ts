import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadConfig } from './bad-config.js';

/**
 * A lake as the user says it, as a URL: `s3://bucket/prefix`, `file:///folder`, and, relative to `folder`, `file:./lake`
 * or a plain path. `where` names the setting in the error.
 */
export function lakeUrl(lake: string, folder: string, where: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(lake)?.[1]?.toLowerCase();
  if (scheme === undefined) return pathToFileURL(resolve(folder, lake)).href;
  if (scheme === 'file' && !/^file:\/\//i.test(lake))
    return pathToFileURL(resolve(folder, lake.slice('file:'.length))).href;
  if (/^(file:\/\/\/|s3:\/\/[^/])/i.test(lake)) return lake;
  throw new BadConfig(`${where}: Expected a path, file:./folder or s3://bucket/prefix, got '${lake}'`);
}
