import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';

/** The handle of an artifact of one kind, as it comes from elsewhere. */
export const artifactSchema = <Kind extends string>(kind: Kind): z.ZodType<Artifact<Kind>> =>
  z.object({
    kind: z.literal(kind),
    uri: z.string().startsWith(`artifacts/${kind}/`),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'Expected a SHA-256 in hex' }),
    bytes: z.number().int().min(0),
    rows: z.number().int().min(0),
    schema: z.array(z.string()),
    report: z.record(z.string(), z.json()).optional(),
    // zod gives absent optional fields the type `undefined`; it leaves them absent.
  }) as unknown as z.ZodType<Artifact<Kind>>;
