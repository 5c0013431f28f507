import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { day, eventually } from './stage.mjs';

/** Long past its deadline, whenever it is run. */
const LATE = '2020-01-06';

async function told(receiver, event, fecha) {
  await eventually(`the callback of ${event} for ${fecha}`, async () => receiver.of(event, fecha).length > 0);
  const [first] = receiver.of(event, fecha);
  assert.equal(first.verified, true, 'Expected the signature to be that of the body');
  return first;
}

export const telling = {
  title: 'Who is told',
  steps: [
    [
      'callbacks, signed: success; one that was lost came again',
      async ({ receiver }) => {
        const event = await told(receiver, 'success', day(10));
        assert.match(event.headline, /tasks succeeded/);
        assert.equal(event.workflowId, `ventas/${day(10)}`);
        const [lost] = receiver.first();
        assert.equal(
          receiver.of(lost.event, lost.fecha).filter(({ delivery }) => delivery === lost.delivery).length,
          2,
        );
      },
    ],
    [
      'callbacks, signed: failure, with the task and why',
      async ({ receiver }) => {
        const event = await told(receiver, 'failure', day(1));
        assert.deepEqual(
          event.failedTasks.map(({ task, type }) => [task, type]),
          [['checkTotals', 'CheckFailed']],
        );
      },
    ],
    [
      'callbacks, signed: a missed deadline, once, and the run goes on',
      async ({ stage, receiver }) => {
        await stage.writeSales(LATE);
        assert.equal((await stage.run(`ventas --fecha ${LATE}`)).outcome, 'success');
        const event = await told(receiver, 'deadline', LATE);
        assert.deepEqual(
          [event.deadline, event.headline],
          ['2020-01-07T06:00:00.000Z', 'Started after its deadline, 2020-01-07T06:00:00.000Z'],
        );
        await told(receiver, 'success', LATE);
        assert.equal(receiver.of('deadline', LATE).length, 1);
      },
    ],
    [
      'each is a line in the log of the worker, too',
      async ({ stage }) => {
        const log = await readFile(join(stage.folder, '.segmenta', 'logs', 'worker.log'), 'utf8');
        assert.match(log, new RegExp(`deadline ventas/${LATE}: Started after its deadline`));
        assert.match(log, new RegExp(`success ventas/${LATE}: 7 tasks succeeded`));
      },
    ],
    [
      'and counted for Prometheus, at the address that `segmenta dev` says',
      async ({ metrics }) => {
        const exported = await (await fetch(metrics())).text();
        assert.match(exported, /^segmenta_deadlines_missed_total\{dag="ventas",kind="manual"\} [1-9]/m);
        assert.match(exported, /^segmenta_partition_lateness_seconds\{dag="ventas",kind="manual"\} [1-9]/m);
      },
    ],
  ],
};
