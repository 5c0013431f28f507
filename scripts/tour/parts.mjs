import assert from 'node:assert/strict';
import { day, expectStates } from './stage.mjs';

const FECHA = day(50);

/** The first run, which fails at its check, and the second, which the others reuse. */
const runs = {};

export const parts = {
  title: 'A part of a DAG, as a new run',
  steps: [
    [
      '--failed: what the newest run brought to success is pinned to it, the rest runs',
      async ({ stage }) => {
        await stage.writeSales(FECHA);
        const run = await stage.run(`ventas --fecha ${FECHA} --param maxTotal=10`);
        assert.equal(run.outcome, 'failed');
        runs.first = (await stage.status('ventas', FECHA)).runId;
        const { tasks } = await stage.json(`run ventas --fecha ${FECHA} --failed --dry-run`);
        const pinned = tasks.filter(({ verdict }) => verdict === 'pinned').map(({ task }) => task);
        assert.deepEqual(pinned, ['arrival', 'readSales', 'summarizeStore', 'layOutSales', 'checkStores']);
        const again = await stage.run(`ventas --fecha ${FECHA} --failed`);
        assert.equal(again.outcome, 'success');
        assert.equal(again.tasks.readSales.note, `pinned to ${runs.first}`);
        expectStates(again, { checkTotals: 'cached', publishSales: 'success', alertOwner: 'skipped' });
        await stage.refused(/one that succeeded: nothing to run/, `run ventas --fecha ${FECHA} --failed`);
      },
    ],
    [
      '--from with --reuse: upstream as in that run, whatever lies in the lake now; the rest anew',
      async ({ stage }) => {
        await stage.writeSales(FECHA, ['norte,pan,1,9.99']);
        const run = await stage.run(`ventas --fecha ${FECHA} --from layOutSales --reuse ${runs.first}`);
        assert.equal(run.outcome, 'success');
        assert.equal(run.tasks.readSales.note, `pinned to ${runs.first}`);
        expectStates(run, { layOutSales: 'cached', checkTotals: 'cached' });
        assert.equal(run.outputs.published.rows, 3);
        await stage.refused(
          /--reuse: Expected a run of ventas .*got 'nobody'/,
          `run ventas --fecha ${FECHA} --from layOutSales --reuse nobody`,
        );
        await stage.refused(/left a record .*nothing to reuse/, `run ventas --fecha ${day(59)} --from layOutSales`);
      },
    ],
    [
      "--select and --exclude, in dbt's words",
      async ({ stage }) => {
        const upstream = await stage.run(`ventas --fecha ${FECHA} --select +checkStores`);
        assert.equal(upstream.outcome, 'success');
        expectStates(upstream, {
          arrival: 'success',
          readSales: 'success',
          checkStores: 'success',
          publishSales: 'excluded',
        });
        const without = await stage.run(
          `ventas --fecha ${FECHA} --exclude publishSales alertOwner`.replace(' alertOwner', ' --exclude alertOwner'),
        );
        expectStates(without, { layOutSales: 'success', publishSales: 'excluded', alertOwner: 'excluded' });
        await stage.refused(
          /^MissingInput: checkStores takes the output of readSales/m,
          `run ventas --fecha ${FECHA} --select checkStores`,
        );
        await stage.refused(
          /^BadSelector: Expected the name of a task of DAG 'ventas', got 'nada'/m,
          `run ventas --fecha ${FECHA} --select nada`,
        );
        await stage.refused(
          /Expected one of --from, --failed and --select, got several/,
          `run ventas --fecha ${FECHA} --failed --from readSales`,
        );
      },
    ],
    [
      'a dry run after: what the part has computed is cached, the rest is not',
      async ({ stage }) => {
        const { tasks } = await stage.json(`run ventas --fecha ${FECHA} --dry-run`);
        const verdicts = Object.fromEntries(tasks.map(({ task, verdict }) => [task, verdict]));
        assert.deepEqual(
          [verdicts.readSales, verdicts.layOutSales, verdicts.publishSales],
          ['cached', 'cached', 'compute'],
        );
        const said = await stage.ok(`run ventas --fecha ${FECHA} --dry-run`);
        assert.match(said, /dry run: 1 compute, 6 cached, 3 skipped$/m);
      },
    ],
  ],
};
