import type { WorkflowHandle } from '@temporalio/client';

/** What a run cost the server. */
export interface HistoryFigures {
  readonly events: number;
  /** The largest of the values that went through Temporal, and the event or query that it went with. */
  readonly largestPayload: { readonly bytes: number; readonly of: string };
}

/** Also our answers to queries are values that go through Temporal: the states of the tasks, and their table in the UI. */
const QUERIES = ['progress', '__temporal_workflow_metadata'];

export async function examineHistory(handle: WorkflowHandle): Promise<HistoryFigures> {
  const { events } = await handle.fetchHistory();
  const sizes: { bytes: number; of: string }[] = [];
  for (const event of events ?? []) {
    for (const [attribute, value] of Object.entries(event)) {
      for (const bytes of payloadSizes(value)) sizes.push({ bytes, of: attribute.replace('EventAttributes', '') });
    }
  }
  for (const query of QUERIES) {
    const answer: unknown = await handle.query(query);
    sizes.push({ bytes: Buffer.byteLength(JSON.stringify(answer)), of: `query ${query}` });
  }
  const [largest] = sizes.toSorted((a, b) => b.bytes - a.bytes);
  return { events: events?.length ?? 0, largestPayload: largest ?? { bytes: 0, of: 'nothing' } };
}

/** Sizes of the payloads anywhere in a message; a payload is what has `data`. */
function payloadSizes(value: unknown): number[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('data' in value && value.data instanceof Uint8Array) return [value.data.byteLength];
  return Object.values(value).flatMap(payloadSizes);
}
