import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES, registerSearchAttributes } from './search-attributes.js';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
/** Short: something that is no Temporal server may hold the port, and accept without answering. */
const CONNECT_TIMEOUT_MS = 1_000;
const CALL_TIMEOUT_MS = 5_000;

/**
 * Waits until the server at `address` serves the namespace and lists workflows by our search attributes, which it adds
 * where they are missing. Throws after a minute, or at once when `ended` tells that the server is gone.
 */
export async function whenTemporalServes(
  address: string,
  namespace: string,
  ended: () => string | undefined,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await prepare(address, namespace);
      // Where ours is gone, it was another server that answered at this port.
      if (ended() === undefined) return;
      throw new Error('the server is gone');
    } catch (error) {
      const end = ended();
      if (end !== undefined) throw new Error(`it ended with ${end}`, { cause: error });
      if (Date.now() > deadline) {
        const last = error instanceof Error ? error.message : String(error);
        throw new Error(`it did not serve at ${address} within ${READY_TIMEOUT_MS / 1000} s (${last})`, {
          cause: error,
        });
      }
    }
    await sleep(POLL_MS);
  }
}

async function prepare(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      // start-dev registers --search-attribute only when it makes the database.
      await registerSearchAttributes(connection, namespace);
      // Registered is not yet usable: the visibility store sees new attributes a little later.
      const query = SEARCH_ATTRIBUTES.map((name) => `${name} = 'none'`).join(' AND ');
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
    });
  } finally {
    await connection.close();
  }
}
