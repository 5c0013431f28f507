import type { RunEvent } from '../../dag/run-event.js';

/** A failed run, with what it takes to go wrong on its way: letters beyond ASCII, quotes, a line break. */
export const FAILURE: RunEvent = {
  event: 'failure',
  dag: 'segmentation',
  fecha: '2026-11-16',
  kind: 'scheduled',
  workflowId: 'segmentation/2026-11-16',
  runId: '6f2b8d7e-0000-4000-8000-000000000001',
  at: '2026-11-16T05:12:00.000Z',
  headline: 'ingestTransactions failed: BadInput: Expected "año" to be a number,\ngot \'ñ\'',
  failedTasks: [{ task: 'ingestTransactions', type: 'BadInput', message: 'Expected "año" to be a number' }],
  url: 'http://localhost:8233/namespaces/default/workflows/segmentation%2F2026-11-16',
  deadline: null,
};
