import assert from 'node:assert/strict';
import { day, expectStates } from './stage.mjs';

const ORDINARY = day(0);
const TOO_MUCH = day(1);
const EMPTY = day(2);
const MISPRINT = day(3);

export const tasks = {
  title: 'Tasks',
  steps: [
    [
      'a dry run says what would be computed, and why, before anything was',
      async ({ stage }) => {
        await stage.writeSales(ORDINARY);
        const { tasks } = await stage.json(`run ventas --fecha ${ORDINARY} --dry-run`);
        const verdicts = Object.fromEntries(tasks.map(({ task, verdict }) => [task, verdict]));
        assert.deepEqual(verdicts, {
          arrival: 'cached',
          readSales: 'compute',
          summarizeStore: 'open',
          layOutSales: 'open',
          checkTotals: 'open',
          checkStores: 'open',
          askApproval: 'open',
          approval: 'wait',
          publishSales: 'compute',
          alertOwner: 'skipped',
        });
      },
    ],
    [
      'an ordinary day: edges by data and by order, a task that skips itself, a leaf that is skipped, success',
      async ({ stage }) => {
        const run = await stage.run(`ventas --fecha ${ORDINARY}`);
        assert.deepEqual([run.status, run.outcome], [0, 'success']);
        expectStates(run, {
          arrival: 'success',
          readSales: 'success',
          summarizeStore: 'success',
          layOutSales: 'success',
          checkTotals: 'success',
          checkStores: 'success',
          askApproval: 'skipped',
          approval: 'skipped',
          publishSales: 'success',
          alertOwner: 'skipped',
        });
        assert.match(run.tasks.askApproval.note, /^53\.65 is not above 100000$/);
        assert.match(run.tasks.alertOwner.note, /^one_failed: summarizeStore success, checkTotals success$/);
        // publishSales takes nothing of its checks: it only comes after them.
        assert.ok(run.tasks.publishSales.startedAt >= run.tasks.checkStores.endedAt);
        assert.equal(run.outputs.published.rows, 3);
      },
    ],
    [
      'a check that blocks fails the run; alertOwner runs by one_failed, publishSales does not by none_failed',
      async ({ stage }) => {
        await stage.writeSales(TOO_MUCH);
        const run = await stage.run(`ventas --fecha ${TOO_MUCH} --param maxTotal=10`);
        assert.deepEqual([run.status, run.outcome], [1, 'failed']);
        assert.match(
          run.stderr,
          /^checkTotals failed: CheckFailed: Expected stores that add up to 53\.65, at most 10/m,
        );
        expectStates(run, { checkTotals: 'failed', publishSales: 'upstream_failed', alertOwner: 'success' });
        assert.match(await stage.read(`alerts/ventas/${TOO_MUCH}.json`), new RegExp(TOO_MUCH));
      },
    ],
    [
      'a check that warns lets the run succeed; its figures are in the record of the run',
      async ({ stage }) => {
        const { stdout, status } = await stage.segmenta(`run ventas --fecha ${TOO_MUCH} --param minStores=5 --wait`);
        assert.equal(status, 0);
        assert.match(stdout, /^ {2}\+ checkStores .* WARNING: Expected at least 5 stores, got 3$/m);
        const { checks, outcome } = await stage.lastRecord('ventas', TOO_MUCH);
        assert.equal(outcome, 'success');
        assert.deepEqual(checks.checkStores.figures, { stores: 3, minStores: 5 });
        assert.deepEqual(checks.checkTotals.figures, { total: 53.65, stores: 53.65, maxTotal: 1_000_000 });
      },
    ],
    [
      'a day without sales: readSales skips itself, what takes its output is skipped, the run succeeds',
      async ({ stage }) => {
        await stage.writeSales(EMPTY, []);
        const run = await stage.run(`ventas --fecha ${EMPTY}`);
        assert.equal(run.outcome, 'success');
        expectStates(run, { readSales: 'skipped', summarizeStore: 'skipped', publishSales: 'skipped' });
        assert.equal(run.tasks.readSales.note, `no sales in raw/ventas-${EMPTY}.csv`);
        // none_failed lets it run, and it has nothing to publish.
        assert.equal(run.tasks.publishSales.note, 'there are no sales to publish');
      },
    ],
    [
      'a map: each item has its own state; one bad store fails, the others are done',
      async ({ stage }) => {
        await stage.writeSales(MISPRINT, ['norte,pan,1,1.10', 'sur,pan,uno,1.20', 'centro,pan,1,1.30']);
        const run = await stage.run(`ventas --fecha ${MISPRINT}`);
        assert.equal(run.outcome, 'failed');
        const states = run.tasks.summarizeStore.items.map(({ state }) => state);
        assert.deepEqual(states, ['success', 'success', 'failed']);
        assert.match(
          run.stderr,
          /1 of 3 items failed: item 2: BadInput: column 'unidades', value 'uno': Expected a number for pan of store sur/,
        );
      },
    ],
    [
      'the corrected file is run again: of the map, the failed item alone is computed',
      async ({ stage }) => {
        await stage.writeSales(MISPRINT, ['norte,pan,1,1.10', 'sur,pan,1,1.20', 'centro,pan,1,1.30']);
        const run = await stage.run(`ventas --fecha ${MISPRINT}`);
        assert.equal(run.outcome, 'success');
        assert.equal(run.tasks.summarizeStore.note, '3 items: 1 computed, 2 cached');
      },
    ],
  ],
};
