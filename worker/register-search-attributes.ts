import { temporal } from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../infra/temporal-readiness.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;

/**
 * Makes sure that the namespace knows our search attributes. A cluster that lets only its operators add them says so
 * here, once, in place of a workflow that fails over and over.
 */
export async function registerSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    throw new Error(
      `The namespace ${namespace} lacks the search attributes ${missing.join(', ')} (Keyword), and they cannot be added ` +
        `from here. Have an operator run: temporal operator search-attribute create --namespace ${namespace} ` +
        missing.map((name) => `--name ${name} --type Keyword`).join(' '),
      { cause: error },
    );
  }
}
