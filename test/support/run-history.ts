import type { Client, WorkflowHandle } from '@temporalio/client';

export interface HistoryFigures {
  readonly events: number;
  /** Bytes of the largest payload, and the event that carries it. */
  readonly largest: { readonly bytes: number; readonly event: string };
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** How long a workflow's history is, and how large what it carries. */
export async function historyFigures(handle: WorkflowHandle): Promise<HistoryFigures> {
  const { events } = await handle.fetchHistory();
  const sizes = (events ?? []).flatMap((event) =>
    payloadSizes(event).map((bytes) => ({ bytes, event: Object.keys(event).at(-1) ?? '' })),
  );
  const largest = sizes.reduce((most, size) => (size.bytes > most.bytes ? size : most), { bytes: 0, event: 'none' });
  return { events: events?.length ?? 0, largest };
}

/** The sizes of all payloads in a part of a history: whatever has bytes as its `data`. */
function payloadSizes(part: unknown): number[] {
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return [];
  if ('data' in part && part.data instanceof Uint8Array) return [part.data.byteLength];
  return Object.values(part).flatMap(payloadSizes);
}

/** The child workflows that a run started, in their order. */
export async function childrenOf(client: Client, handle: WorkflowHandle): Promise<readonly WorkflowHandle[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ childWorkflowExecutionStartedEventAttributes: started }) => {
    const { workflowId, runId } = started?.workflowExecution ?? {};
    if (typeof workflowId !== 'string' || typeof runId !== 'string') return [];
    return [client.workflow.getHandle(workflowId, runId)];
  });
}

export const eventsOf = async (handle: WorkflowHandle): Promise<NonNullable<History['events']>> =>
  (await handle.fetchHistory()).events ?? [];
