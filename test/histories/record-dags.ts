import { mkdir, readdir, writeFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { stringify } from 'yaml';
import { loadConfig } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import { writeDemoData } from '../../demo/write-demo-data.js';
import { startWorker } from '../../worker/start-worker.js';
import { operatorUpdate } from '../../workflows/operator-updates.js';
import { DAGS } from '../../workflows/dags.js';
import type { Keep } from './record-shapes.js';

const MONDAY = '2026-11-30';

/** Far ahead: deadlines are timers that the run's end ends. */
const FECHA = '2126-11-18';
/** The day before it has no plausible sales. */
const BAD_DAY = '2126-11-17';

const SALES = ['tienda,producto,unidades,importe', 'norte,pan,2,600.00', 'sur,vino,3,900.00', ''].join('\n');
/** Forty customers, one in four of them one of the best. */
const CUSTOMERS = [
  'id,gasto,zona,vip',
  ...Array.from({ length: 40 }, (_, i) => `C${i},${(i % 4) * 500 + i},${i % 3 === 0 ? 'norte' : 'sur'},${i % 4 === 3}`),
  '',
].join('\n');
const BAD_SALES = SALES.replace('900.00', '9000000.00');

/** Small runs of the DAGs that are for use, by the worker that people run. */
export async function recordDags(client: Client, address: string, scratch: string, keep: Keep): Promise<void> {
  const lake = join(scratch, 'lake');
  await mkdir(join(lake, 'raw'), { recursive: true });
  await writeFile(join(lake, 'raw', `ventas-${FECHA}.csv`), SALES);
  await writeFile(join(lake, 'raw', `ventas-${BAD_DAY}.csv`), BAD_SALES);
  await writeFile(join(lake, 'raw', 'clientes.csv'), CUSTOMERS);
  const data = join(scratch, 'data');
  await writeDemoData(data, { seed: 7, customers: 60, from: '2026-03-01', to: MONDAY });
  for (const file of await readdir(data)) await copyFile(join(data, file), join(lake, 'raw', file));
  const file = join(scratch, 'segmenta.yaml');
  await writeFile(file, stringify(CONFIGURATION));
  const env = { SEGMENTA_HOME: scratch, SEGMENTA_LAKE: lake, TEMPORAL_ADDRESS: address, SEGMENTA_THREADS: '1' };
  const config = await loadConfig({ file, cwd: scratch, env });

  const run = async (id: string, fecha: string, said: readonly string[] = []) => {
    const dag = DAGS[id];
    if (dag === undefined) throw new RangeError(`Expected a DAG called ${id}`);
    const { taskQueue } = config.temporal;
    return client.workflow.start(id, {
      workflowId: `${id}/${fecha}`,
      taskQueue,
      args: [runParams(config, dag, fecha, said)],
    });
  };
  const worker = await startWorker(config);
  try {
    const segmentation = await run('segmentation', MONDAY, ['k=2..3', 'restarts=2']);
    await segmentation.result();
    await keep('segmentation', segmentation);

    const lookalikes = await run('lookalikes', MONDAY);
    await lookalikes.result();
    await keep('lookalikes', lookalikes);

    const ventas = await run('ventas', FECHA, ['approveAbove=1000']);
    // Begins before what it waits for is there.
    const ranking = await run('ranking', FECHA);
    const approval = { task: 'approval', value: { by: 'ana' }, who: 'ana', why: 'for the recording' };
    for (;;) {
      const sent = await ventas.executeUpdate(operatorUpdate('signal'), { args: [approval] }).catch(() => undefined);
      if (sent !== undefined) break;
    }
    await ventas.result();
    await keep('ventas', ventas);
    await ranking.result();
    await keep('ranking', ranking);

    const failed = await run('ventas', BAD_DAY, ['maxTotal=5000', 'approveAbove=1000000000']);
    await failed.result().catch(() => undefined);
    await keep('ventas-failed', failed);
  } finally {
    worker.stop();
    await worker.stopped;
  }
}

const CONFIGURATION = {
  sources: {
    tarjetas: {
      files: { transacciones: { path: 'lake:raw/transacciones-*.csv' } },
      select: 'select dni, fecha, rubro, canal, monto, ubicacion, producto from transacciones',
      positiveAmounts: true,
    },
    clientes: {
      path: 'lake:raw/clientes.csv',
      columns: {
        customer_id: { kind: 'id', from: 'id' },
        total_spent: { kind: 'money', from: 'gasto' },
        region_clean: { kind: 'category', from: 'zona' },
        vip_flag: { kind: 'flag', from: 'vip' },
      },
    },
  },
  dags: {
    segmentation: { window: 60 },
    lookalikes: { audiences: [{ name: 'mejores', seeds: { where: 'vip_flag=true' }, size: 5, minSeeds: 2 }] },
  },
};
