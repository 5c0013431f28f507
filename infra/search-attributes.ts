import type { Connection } from '@temporalio/client';

/**
 * The search attributes of our workflows, all of type Keyword: dates are ISO strings, which order and compare as text.
 * RunKind says what started a run (manual, scheduled, backfill), BackfillId which backfill; FailedTask is the task with
 * which a run failed, or at which it is held.
 */
export const SEARCH_ATTRIBUTES = ['Dag', 'FechaModelo', 'RunKind', 'BackfillId', 'FailedTask'] as const;

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const KEYWORD = 2;

/**
 * Adds the search attributes that the namespace lacks. Where only a cluster's operators may do that, the error says what
 * they have to run: better than a workflow that fails over and over.
 */
export async function registerSearchAttributes(
  { operatorService }: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const listed = await operatorService.listSearchAttributes({ namespace }).catch(orUndefinedWhereDenied);
  if (listed === undefined) return;
  const missing = SEARCH_ATTRIBUTES.filter((name) => listed.customAttributes[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    const flags = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
    throw new Error(
      `The namespace ${namespace} lacks the search attributes ${missing.join(', ')}, and they cannot be added from here. ` +
        `Have an operator run: temporal operator search-attribute create --namespace ${namespace} ${flags}`,
      { cause: error },
    );
  }
}

/** gRPC's PERMISSION_DENIED and UNIMPLEMENTED: a cluster that shows its attributes to operators only is taken to have them. */
const DENIED: ReadonlySet<unknown> = new Set([7, 12]);

function orUndefinedWhereDenied(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && DENIED.has(error.code)) return undefined;
  throw error;
}
