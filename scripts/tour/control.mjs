import assert from 'node:assert/strict';
import { day, expectStates } from './stage.mjs';

const PAUSED = day(30);
const CANCELLED = day(31);
const SKIPPED = day(32);

const actions = ({ audit }) => audit.map(({ action, who, why }) => `${action} by ${who}: ${why}`);

export const control = {
  title: 'An operator and a run',
  steps: [
    [
      'pause: what waits goes on waiting, nothing more starts',
      async ({ stage }) => {
        await stage.start(`ventas --fecha ${PAUSED}`);
        await stage.until('ventas', PAUSED, 'its sensor waits', ({ tasks }) => tasks.arrival.state === 'deferred');
        await stage.ok(`pause ventas --fecha ${PAUSED} --as ana --why`, 'the till is being fixed');
        await stage.writeSales(PAUSED);
        const run = await stage.until(
          'ventas',
          PAUSED,
          'the file is there',
          ({ tasks }) => tasks.arrival.state === 'success',
        );
        assert.equal(run.status, 'paused');
        expectStates(run, { readSales: 'waiting' });
        await stage.refused(/it is paused already/, `pause ventas --fecha ${PAUSED} --why again`);
      },
    ],
    [
      'resume: it goes on; the record of the run says who did what, and why',
      async ({ stage }) => {
        await stage.ok(`resume ventas --fecha ${PAUSED} --as eva --why`, 'fixed');
        const run = await stage.until('ventas', PAUSED, 'it succeeds', ({ status }) => status === 'success');
        const audit = ['pause by ana: the till is being fixed', 'resume by eva: fixed'];
        assert.deepEqual(actions(run), audit);
        assert.deepEqual(actions(await stage.lastRecord('ventas', PAUSED)), audit);
        await stage.refused(/^Refused: .* is not running/m, `pause ventas --fecha ${PAUSED} --why late`);
      },
    ],
    [
      'cancel: what waits is called off, the run ends as cancelled, audited too',
      async ({ stage }) => {
        await stage.start(`ventas --fecha ${CANCELLED}`);
        await stage.until('ventas', CANCELLED, 'its sensor waits', ({ tasks }) => tasks.arrival.state === 'deferred');
        await stage.ok(`cancel ventas --fecha ${CANCELLED} --as ana --why`, 'a holiday');
        const run = await stage.until('ventas', CANCELLED, 'it ends', ({ status }) => status === 'cancelled');
        expectStates(run, { arrival: 'cancelled', readSales: 'cancelled', publishSales: 'cancelled' });
        const record = await stage.lastRecord('ventas', CANCELLED);
        assert.deepEqual([record.outcome, actions(record)], ['cancelled', ['cancel by ana: a holiday']]);
      },
    ],
    [
      'skip a task that waits: what needs it is skipped as well',
      async ({ stage }) => {
        await stage.start(`ventas --fecha ${SKIPPED}`);
        await stage.until('ventas', SKIPPED, 'its sensor waits', ({ tasks }) => tasks.arrival.state === 'deferred');
        await stage.ok(`skip ventas arrival --fecha ${SKIPPED} --as ana --why`, 'closed that day');
        const run = await stage.until('ventas', SKIPPED, 'it ends', ({ status }) => status === 'success');
        expectStates(run, { arrival: 'skipped', readSales: 'skipped', publishSales: 'skipped' });
        assert.equal(run.tasks.arrival.note, 'skipped by ana: closed that day');
      },
    ],
  ],
};
