import type { HistoryFigures } from './history.js';
import type { Target } from './results.js';

const EVENTS_LIMIT = 5_000;
const PAYLOAD_LIMIT = 16 * 1024;

/** What a run of ours may leave on the server. Missing one of these fails the bench. */
export const judgeFootprint = ({ events, largestPayload: { bytes, of } }: HistoryFigures): Target[] => [
  {
    text: `our fan-out's history has fewer than ${EVENTS_LIMIT.toLocaleString('en')} events (${events.toLocaleString('en')})`,
    met: events < EVENTS_LIMIT,
  },
  {
    text: `its largest payload is below ${PAYLOAD_LIMIT.toLocaleString('en')} bytes (${bytes.toLocaleString('en')}, ${of})`,
    met: bytes < PAYLOAD_LIMIT,
  },
];
