import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { day, expectStates } from './stage.mjs';

const FECHA = day(20);

const verdictsOf = ({ tasks }) => Object.fromEntries(tasks.map(({ task, verdict }) => [task, verdict]));

export const memory = {
  title: 'What is computed once',
  steps: [
    [
      'a second run computes nothing, and publishing adds no version; a dry run says so before',
      async ({ stage }) => {
        await stage.writeSales(FECHA, ['sur,pan,1,1.00', 'este,pan,1,2.00']);
        const first = await stage.run(`ventas --fecha ${FECHA}`);
        const forecast = verdictsOf(await stage.json(`run ventas --fecha ${FECHA} --dry-run`));
        for (const task of ['readSales', 'summarizeStore', 'layOutSales', 'checkTotals', 'checkStores']) {
          assert.equal(forecast[task], 'cached', task);
        }
        assert.equal(forecast.approval, 'skipped');
        const second = await stage.run(`ventas --fecha ${FECHA}`);
        expectStates(second, {
          readSales: 'cached',
          summarizeStore: 'cached',
          layOutSales: 'cached',
          checkTotals: 'cached',
        });
        assert.equal(second.outputs.published.version, first.outputs.published.version);
        assert.equal(second.outputs.published.unchanged, true);
      },
    ],
    [
      '--refresh computes a task whatever is remembered',
      async ({ stage }) => {
        const run = await stage.run(`ventas --fecha ${FECHA} --refresh readSales`);
        expectStates(run, { readSales: 'success', summarizeStore: 'cached', checkTotals: 'cached' });
      },
    ],
    [
      'early cut-off: the file has changed and its rows have not, so only reading it is done again',
      async ({ stage }) => {
        await stage.writeSales(FECHA, ['este,pan,1,2.00', 'sur,pan,1,1.00']);
        const { tasks } = await stage.json(`run ventas --fecha ${FECHA} --dry-run`);
        const reading = tasks.find(({ task }) => task === 'readSales');
        assert.deepEqual([reading.verdict, /changed/.test(reading.why)], ['compute', true]);
        const run = await stage.run(`ventas --fecha ${FECHA}`);
        expectStates(run, {
          readSales: 'success',
          summarizeStore: 'cached',
          layOutSales: 'cached',
          checkTotals: 'cached',
        });
      },
    ],
    [
      'an artifact that is gone from the lake is made again',
      async ({ stage }) => {
        for (const file of await readdir(join(stage.lake, 'artifacts', 'sales')))
          await stage.remove(`artifacts/sales/${file}`);
        const run = await stage.run(`ventas --fecha ${FECHA}`);
        expectStates(run, { readSales: 'success', summarizeStore: 'cached' });
        assert.equal((await readdir(join(stage.lake, 'artifacts', 'sales'))).length > 0, true);
      },
    ],
    [
      'without a server: --local shares the lake, the memory and the records',
      async ({ stage }) => {
        const run = JSON.parse(await stage.ok(`run ventas --fecha ${FECHA} --local --json`));
        expectStates(run, { readSales: 'cached', summarizeStore: 'cached', checkTotals: 'cached' });
      },
    ],
  ],
};
