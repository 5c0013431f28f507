import type { z } from 'zod';
import { PermanentError } from '../dag/permanent-error.js';
import { schemaIssues } from '../dag/schema-issues.js';

/** The configuration, an environment variable or a parameter is not what it should be. Names the key. */
export class BadConfig extends PermanentError {
  override readonly name = 'BadConfig';
}

/** One line for each thing that is wrong: `segmenta.yaml: sources.ventas.select: Invalid input: …`. */
export const badConfig = (where: string, error: z.ZodError): BadConfig =>
  new BadConfig(
    schemaIssues(error)
      .map((line) => `${where}: ${line}`)
      .join('\n'),
  );
