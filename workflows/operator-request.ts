import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import { schemaIssues } from '../dag/schema-issues.js';

/** Every update of an operator says who acts, and for what reason. */
export const operator = { who: z.string().trim().min(1), why: z.string().trim().min(1) };

/** What an update says. Throws where it has not the shape that the update's description says. */
export function parseRequest<Said>(schema: z.ZodType<Said>, description: string, request: unknown): Said {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw ApplicationFailure.nonRetryable(`${description}: ${schemaIssues(parsed.error).join('; ')}`, 'Refused');
}
