import { readFileSync } from 'node:fs';
import type { CodeVersions } from '../dag/run-record.js';
import { ENGINE_VERSION } from './engine-version.js';

/** From `dist/activities/`. */
const PACKAGE = new URL('../../package.json', import.meta.url);

/** What this process works on runs with, for their records. */
export function codeVersions(build?: string): CodeVersions {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { readonly version: string };
  return { segmenta: version, ...(build === undefined ? {} : { build }), engine: ENGINE_VERSION };
}
