import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { day, execute, expectStates } from './stage.mjs';

const HOLDER = day(60);
const LAST = day(61);
const FIRST = day(62);
const SURVIVOR = day(63);
const HOLDER_OF_TWO = day(64);
const BESIDE = day(65);

const fileOf = (stage, fecha) => join(stage.lake, 'raw', `ventas-${fecha}.csv`);

/** A run that holds its slot of the pool: its file went away after the sensor saw it, and reading it is tried again. */
async function holdSlot(stage, fecha) {
  await stage.start(`ventas --fecha ${fecha}`);
  await stage.ok(`pause ventas --fecha ${fecha} --why tour`);
  await stage.writeSales(fecha);
  await stage.until('ventas', fecha, 'the file is there', ({ tasks }) => tasks.arrival.state === 'success');
  await rename(fileOf(stage, fecha), `${fileOf(stage, fecha)}.away`);
  await stage.ok(`resume ventas --fecha ${fecha} --why tour`);
  await stage.until('ventas', fecha, 'it has its slot', ({ tasks }) => tasks.readSales.state === 'running');
}

const giveBack = async (stage, fecha) => rename(`${fileOf(stage, fecha)}.away`, fileOf(stage, fecha));

/** Each of a run's activities as its history has it: queue and priority. */
async function activitiesOf({ stage, temporalCli, address }, workflow) {
  const args = ['workflow', 'show', '--workflow-id', workflow, '--output', 'json', '--address', address()];
  const { status, stdout, stderr } = await execute(temporalCli, args, { cwd: stage.folder });
  assert.equal(status, 0, stderr);
  const scheduled = JSON.parse(stdout).events.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
  return Object.fromEntries(
    scheduled.map(({ activityId, taskQueue, priority }) => [
      activityId,
      `${taskQueue.name}, ${priority?.priorityKey ?? 'none'}`,
    ]),
  );
}

export const sharing = {
  title: 'What runs share',
  steps: [
    [
      'a pool of one slot: while a run holds it, others queue for it',
      async ({ stage }) => {
        await holdSlot(stage, HOLDER);
        await stage.writeSales(LAST);
        await stage.writeSales(FIRST);
        await stage.start(`ventas --fecha ${LAST} --priority 5`);
        await stage.until('ventas', LAST, 'it queues', ({ tasks }) => tasks.readSales.state === 'queued');
        await stage.start(`ventas --fecha ${FIRST} --priority 1`);
        await stage.until('ventas', FIRST, 'it queues', ({ tasks }) => tasks.readSales.state === 'queued');
        expectStates(await stage.status('ventas', HOLDER), { readSales: 'running' });
        expectStates(await stage.status('ventas', LAST), { readSales: 'queued' });
      },
    ],
    [
      'when the slot is free, the run of priority 1 goes before the one of priority 5 that asked earlier',
      async ({ stage }) => {
        await giveBack(stage, HOLDER);
        const success = ({ status }) => status === 'success';
        const last = await stage.until('ventas', LAST, 'it succeeds', success);
        const first = await stage.until('ventas', FIRST, 'it succeeds', success);
        assert.ok(first.tasks.readSales.endedAt < last.tasks.readSales.endedAt);
        const held = await stage.until('ventas', HOLDER, 'it succeeds', success);
        // The failed attempts were no failure of the task: the outside world was.
        assert.ok(held.tasks.readSales.attempts > 1);
      },
    ],
    [
      'queues and priorities are in the history of a run: kernels on the queue of their own, publishing first',
      async (context) => {
        const ranking = await activitiesOf(context, `ranking/${day(10)}`);
        assert.equal(ranking.rankStores, 'segmenta-compute, 3');
        assert.equal(ranking.ventasRun, 'segmenta, 3');
        const { readSales, publishSales } = await activitiesOf(context, `ventas/${HOLDER}`);
        assert.deepEqual([readSales, publishSales], ['segmenta, 3', 'segmenta, 1']);
        assert.equal((await activitiesOf(context, `ventas/${LAST}`)).publishSales, 'segmenta, 5');
      },
    ],
    [
      'server and worker are started anew with two slots: a run that waits goes on waiting, and succeeds',
      async ({ stage, restart }) => {
        await stage.start(`ventas --fecha ${SURVIVOR}`);
        await stage.until('ventas', SURVIVOR, 'its sensor waits', ({ tasks }) => tasks.arrival.state === 'deferred');
        await restart(2);
        await stage.writeSales(SURVIVOR);
        await stage.until('ventas', SURVIVOR, 'it succeeds', ({ status }) => status === 'success');
      },
    ],
    [
      'a pool of two slots: a run succeeds beside one that holds a slot',
      async ({ stage }) => {
        await holdSlot(stage, HOLDER_OF_TWO);
        await stage.writeSales(BESIDE);
        assert.equal((await stage.run(`ventas --fecha ${BESIDE}`)).outcome, 'success');
        expectStates(await stage.status('ventas', HOLDER_OF_TWO), { readSales: 'running' });
        await giveBack(stage, HOLDER_OF_TWO);
        await stage.until('ventas', HOLDER_OF_TWO, 'it succeeds', ({ status }) => status === 'success');
      },
    ],
  ],
};
