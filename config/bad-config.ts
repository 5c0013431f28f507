import type { z } from 'zod';
import { PermanentError } from '../dag/permanent-error.js';

/** The configuration, an environment variable or a parameter is not what it should be. Names the key. */
export class BadConfig extends PermanentError {
  override readonly name = 'BadConfig';
}

/** One line for each thing that is wrong: `segmenta.yaml: sources.ventas.select: Invalid input: …`. */
export function badConfig(where: string, error: z.ZodError): BadConfig {
  const lines = error.issues.map((issue) => {
    const key = issue.path.map(String).join('.');
    const unknown = issue.code === 'unrecognized_keys' ? ` (misspelt?)` : '';
    return `${where}: ${key === '' ? '' : `${key}: `}${issue.message}${unknown}`;
  });
  return new BadConfig(lines.join('\n'));
}
