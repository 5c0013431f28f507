import assert from 'node:assert/strict';
import { day, expectStates } from './stage.mjs';

const LATER = day(10);
const LARGE = day(11);
const TARGETS = day(12);

export const waiting = {
  title: 'Waiting for the outside',
  steps: [
    [
      'a sensor waits for an object of the lake, and holds no worker meanwhile',
      async ({ stage }) => {
        await stage.start(`ventas --fecha ${LATER}`);
        const waits = await stage.until(
          'ventas',
          LATER,
          'its sensor waits',
          ({ tasks }) => tasks.arrival.state === 'deferred',
        );
        assert.equal(waits.status, 'running');
        // More sensors than a worker runs tasks at once: other runs go on all the same.
        await stage.start(`ranking --fecha ${LATER}`);
        await stage.start(`ranking --fecha ${LARGE}`);
        assert.equal((await stage.run(`ventas --fecha ${day(0)}`)).outcome, 'success');
        await stage.writeSales(LATER);
        const { tasks } = await stage.until('ventas', LATER, 'it succeeds', ({ status }) => status === 'success');
        assert.equal(tasks.arrival.state, 'success');
      },
    ],
    [
      "sensors of another DAG's run and of its partition; one that came too late is skipped (late: skip)",
      async ({ stage }) => {
        const { tasks } = await stage.until('ranking', LATER, 'it succeeds', ({ status }) => status === 'success');
        expectStates({ tasks }, { ventasRun: 'success', ventasPartition: 'success', rankStores: 'success' });
        assert.equal(tasks.targets.state, 'skipped');
        assert.match(tasks.targets.note, new RegExp(`within 3 seconds: no object raw/metas-${LATER}.json`));
        assert.equal(tasks.rankStores.note, 'centro sold most');
      },
    ],
    [
      'the same DAG with its optional input there',
      async ({ stage }) => {
        await stage.writeSales(TARGETS);
        await stage.write(`raw/metas-${TARGETS}.json`, '{"norte": 1, "sur": 30, "centro": 30}');
        assert.equal((await stage.run(`ventas --fecha ${TARGETS}`)).outcome, 'success');
        const { outputs, tasks } = await stage.run(`ranking --fecha ${TARGETS}`);
        assert.deepEqual(outputs.ranked.stores, ['norte', 'centro', 'sur']);
        assert.equal(tasks.rankStores.note, 'norte came furthest with its target');
      },
    ],
    [
      'a signal: a large day waits for somebody to approve it; a wrong value is refused',
      async ({ stage }) => {
        await stage.writeSales(LARGE);
        await stage.start(`ventas --fecha ${LARGE} --param approveAbove=50`);
        const { tasks } = await stage.until(
          'ventas',
          LARGE,
          'it waits for approval',
          ({ tasks }) => tasks.approval.state === 'deferred',
        );
        assert.match(tasks.askApproval.note, /^53\.65 is above 50: somebody has to approve it$/);
        const to = `ventas approval --fecha ${LARGE} --why`;
        await stage.refused(
          /^Refused: .*approval does not take this value: .*by/m,
          `signal ${to}`,
          'month end',
          '{from: ana}',
        );
        await stage.refused(
          /readSales has ended already: success/,
          `signal ventas readSales --fecha ${LARGE} --why`,
          'x',
          '1',
        );
        const said = await stage.ok(`signal ${to}`, 'month end', '{by: ana}', '--as', 'ana');
        assert.equal(said, `ventas/${LARGE}: signal approval, by ana: month end\n`);
        const ended = await stage.until('ventas', LARGE, 'it succeeds', ({ status }) => status === 'success');
        expectStates(ended, { approval: 'success', publishSales: 'success' });
      },
    ],
  ],
};
