import type { WorkflowHandle } from '@temporalio/client';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

// The SDK's own `historyToJSON` needs one copy of protobufjs among its packages, which npm does not always give it. This
// form is that of the decoded messages, with bytes as `{"utf8": …}`: payloads are text that a review can read.

/** What a replay does not look at: who did it and where, texts for people, the server's own bookkeeping. */
const LEFT_OUT = new Set([
  'binaryChecksum',
  'header',
  'identity',
  'lastFailure',
  'memo',
  'requestId',
  'source',
  'stackTrace',
  'taskId',
  'userMetadata',
  'workerVersion',
]);

/** The events of a finished workflow, one a line, with what a replay needs and nothing of this machine. */
export function writeHistory({ events }: History): string {
  const lines = (events ?? []).map((event) => JSON.stringify(plain(event)));
  return `[\n${lines.join(',\n')}\n]\n`;
}

/** What `writeHistory` wrote. */
export function readHistory(text: string): History {
  return { events: JSON.parse(text, (_, value: unknown) => (isText(value) ? Buffer.from(value.utf8) : value)) as [] };
}

const isText = (value: unknown): value is { readonly utf8: string } =>
  typeof value === 'object' && value !== null && 'utf8' in value && typeof value.utf8 === 'string';

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { utf8: new TextDecoder('utf-8', { fatal: true }).decode(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('toNumber' in value && typeof value.toNumber === 'function') return Number(value);
  const kept = Object.entries(value).filter(([key, field]) => !LEFT_OUT.has(key) && !isAbsent(field));
  return Object.fromEntries(kept.map(([key, field]) => [key, key === 'taskQueue' ? queue(field) : plain(field)]));
}

const isAbsent = (field: unknown): boolean => field === null || (Array.isArray(field) && field.length === 0);

/** A sticky queue is named after its worker's machine. */
const queue = ({ name, normalName }: { readonly name: string; readonly normalName?: string }) => ({
  name: normalName === undefined || normalName === '' ? name : normalName,
});
