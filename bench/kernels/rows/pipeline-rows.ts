import { stat } from 'node:fs/promises';
import { addDays } from '../../../dag/calendar-date.js';
import { loadConfig } from '../../../config/load-config.js';
import { runParams } from '../../../config/run-params.js';
import { segmentationDag } from '../../../workflows/segmentation-dag.js';
import { NotHere, realFolder } from '../data.js';
import { judgePipeline } from '../judges/judge-pipeline.js';
import type { Row, Settings } from '../row.js';
import { taskNotes } from '../worker-log.js';
import { type Size, ofRows } from './size.js';
import { FECHA } from './table-rows.js';

const KS = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const RESTARTS = 3;
const WEEKS = 40;
const FIRST_WEEK = '2017-03-06';

/** What a run of the whole DAG over made transactions gets, of all sides. */
export const pipelineSettings = (source: string): Settings => ({
  source,
  fecha: FECHA,
  window: 365,
  ks: KS,
  restarts: RESTARTS,
  seed: 42,
  minShare: 0.01,
  maxRubros: 30,
  digitalChannels: ['app', 'web'],
  labels: { salud: 'farmacia', delivery: 'restaurantes', hoteles: 'viajes' },
  scores: {
    supermercado: ['supermercado'],
    farmacia: ['farmacia', 'salud'],
    restaurante: ['restaurantes', 'delivery'],
  },
});

/** The whole DAG on Temporal, for one date and for many. */
export function pipelineRows(size: Size): readonly Row[] {
  const [transactions, customers] = [size(5_000_000), size(200_000)];
  const weeks = Array.from({ length: Math.min(WEEKS, Math.ceil(size(WEEKS * 25) / 25)) }, (_, week) =>
    addDays(FIRST_WEEK, 7 * week),
  );
  return [
    {
      group: 'pipeline',
      title: `whole pipeline, ${ofRows(transactions)} transactions, ${ofRows(customers)} customers, k 2..10`,
      script: 'pipeline',
      peers: [
        { name: 'pandas, scikit-learn, pyarrow', way: 'pandas', atLeast: 4, memoryAtMost: 2 / 3 },
        { name: 'polars, scikit-learn', way: 'polars', atLeast: 2 },
      ],
      prepare: async (data) => pipelineSettings(await data.transactions(transactions, customers)),
      notes: taskNotes,
      judge: judgePipeline,
    },
    {
      group: 'backfill',
      title: `backfill of ${weeks.length} weekly dates of completejourney, k 2..10`,
      script: 'backfill',
      peers: [{ name: 'pandas, scikit-learn, pyarrow', way: 'pandas', atLeast: 2 }],
      prepare: async () => {
        const folder = realFolder('completejourney');
        if ((await stat(folder).catch(() => undefined)) === undefined) throw new NotHere(`${folder} is not there`);
        const config = await loadConfig({ file: 'configs/completejourney.yaml', cwd: process.cwd(), env: {} });
        // What the configuration says; ours reads it by itself.
        const { k: _k, source: _source, fecha: _fecha, ...said } = runParams(config, segmentationDag, FIRST_WEEK, []);
        return { ...said, folder, dates: weeks, ks: KS, restarts: RESTARTS };
      },
      notes: taskNotes,
      judge: judgePipeline,
    },
  ];
}
