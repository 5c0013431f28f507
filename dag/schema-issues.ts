import { z } from 'zod';

/** What zod says of a union by default. */
const NO_WORDS = 'Invalid input';

type Issue = z.core.$ZodIssue;

/** What a schema refused, one line for each thing: the key, as `sources.ventas.select`, and what was expected of it. */
export const schemaIssues = (error: z.ZodError): string[] => error.issues.flatMap((issue) => lines(issue, issue.path));

/** What was wrong, in one line, of whatever a `parse` threw. */
export function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return schemaIssues(error).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function lines(issue: Issue, path: readonly PropertyKey[]): string[] {
  // Where the schema has no words of its own for a union, the alternative that came furthest is what was meant; where
  // none did, each of them is worth a word.
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && issue.message === NO_WORDS) {
    const meant = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0));
    if (meant !== undefined) return meant.flatMap((inner) => lines(inner, [...path, ...inner.path]));
    return [`${keyed(path)}${[...new Set(issue.errors.flat().map(({ message }) => message))].join(', or: ')}`];
  }
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => lines(inner, path));
  return [`${keyed(path)}${issue.message}${issue.code === 'unrecognized_keys' ? ' (misspelt?)' : ''}`];
}

const keyed = (path: readonly PropertyKey[]): string => (path.length === 0 ? '' : `${path.map(String).join('.')}: `);
