import { z } from 'zod';
import { unnamedCustomerSource } from '../customers/customer-source.js';
import type { CustomerSource } from '../customers/customer-source.js';
import { unnamedSource } from '../lake/source-definition.js';
import type { SourceDefinition } from '../lake/source-definition.js';

/** Where the rows of a DAG come from: events by a `select`, or a customer table by its `columns`. */
export type AnySource = SourceDefinition | CustomerSource;

export const isCustomerSource = <Source extends object>(
  source: Source,
): source is Extract<Source, { columns: unknown }> => 'columns' in source;

type UnnamedSource = z.output<typeof unnamedSource> | z.output<typeof unnamedCustomerSource>;

/** One of the two; what is wrong is told of the one that was meant, and not of both. */
export const anyUnnamedSource = z.unknown().transform((given, { issues }): UnnamedSource => {
  const isOfCustomers = typeof given === 'object' && given !== null && 'columns' in given;
  const parsed = (isOfCustomers ? unnamedCustomerSource : unnamedSource).safeParse(given);
  if (parsed.success) return parsed.data;
  // Whole, since what is wrong with a key is told inside an issue; zod only adds the path up to here.
  for (const issue of parsed.error.issues) issues.push({ ...issue, input: given } as (typeof issues)[number]);
  return z.NEVER;
});
