import assert from 'node:assert/strict';
import { day, expectStates } from './stage.mjs';

const RETRIED = day(40);
const SUCCEEDED = day(41);
const SKIPPED = day(42);
const RELEASED = day(43);

const MISNAMED = 'tienda,producto,cuantas,importe';

/** The run whose output is given to a later one. */
let earlier;

/** A held run, and a misnamed column that holds it. */
async function holdAtReading(stage, fecha) {
  await stage.writeSales(fecha, undefined, MISNAMED);
  await stage.start(`ventas --fecha ${fecha} --hold-on-failure`);
  return stage.until('ventas', fecha, 'it is held', ({ tasks }) => tasks.readSales.state === 'held');
}

export const holding = {
  title: 'A failed task held for its operator',
  steps: [
    [
      '--hold-on-failure: the run waits instead of failing, and its date is taken',
      async ({ stage }) => {
        const { status } = await holdAtReading(stage, RETRIED);
        assert.equal(status, 'held at readSales');
        const said = await stage.ok(`status ventas --fecha ${RETRIED}`);
        assert.match(
          said,
          /^ {2}! readSales +held .*BadInput: .*Expected the columns tienda, producto, unidades, importe/m,
        );
        await stage.refused(/^AlreadyRunning: .* has one run at a time/m, `run ventas --fecha ${RETRIED}`);
      },
    ],
    [
      'retry: held again while the file is as it was; in the same run once it is corrected',
      async ({ stage }) => {
        const retry = `retry ventas readSales --fecha ${RETRIED} --as ana --why`;
        const before = await stage.status('ventas', RETRIED);
        await stage.ok(retry, 'perhaps it was the network');
        await stage.until(
          'ventas',
          RETRIED,
          'it is held again',
          ({ tasks: { readSales } }) =>
            readSales.state === 'held' && readSales.endedAt > before.tasks.readSales.endedAt,
        );
        await stage.refused(
          /checkTotals is not held: it is waiting/,
          `retry ventas checkTotals --fecha ${RETRIED} --why x`,
        );
        await stage.writeSales(RETRIED);
        await stage.ok(retry, 'the column has its name');
        const run = await stage.until('ventas', RETRIED, 'it succeeds', ({ status }) => status === 'success');
        assert.equal(run.runId, before.runId);
        expectStates(run, { readSales: 'success', publishSales: 'success', alertOwner: 'skipped' });
      },
    ],
    [
      'succeed: an output of the wrong type, or of bytes that are not there, is refused; so is publishing',
      async ({ stage }) => {
        await stage.writeSales(SUCCEEDED);
        assert.equal((await stage.run(`ventas --fecha ${SUCCEEDED}`)).outcome, 'success');
        earlier = await stage.status('ventas', SUCCEEDED);
        await holdAtReading(stage, SUCCEEDED);
        const said = `--fecha ${SUCCEEDED} --as ana --why test --output`;
        await stage.refused(/BadOutput: .*readSales.*day/, `succeed ventas readSales ${said}`, '{"stores":[]}');
        const sha256 = '0'.repeat(64);
        const nowhere = {
          kind: 'sales',
          uri: `artifacts/sales/${sha256}.parquet`,
          sha256,
          bytes: 1,
          rows: 1,
          schema: [],
        };
        const output = JSON.stringify({ day: nowhere, stores: [] });
        await stage.refused(/BadOutput: .*got none of that size/, `succeed ventas readSales ${said}`, output);
        await stage.refused(/publishSales publishes: .*cannot be said/, `succeed ventas publishSales ${said}`, '{}');
        await stage.refused(
          /askApproval.*to declare the type of its output/,
          `succeed ventas askApproval ${said}`,
          '{}',
        );
        assert.equal((await stage.status('ventas', SUCCEEDED)).status, 'held at readSales');
      },
    ],
    [
      'succeed --output-of: the run goes on with what an earlier run of the date read; nothing of it is remembered',
      async ({ stage }) => {
        const { runId } = earlier;
        const why = 'yesterday evening it was right';
        await stage.refused(
          /--output-of: Expected a result of readSales in .*nobody/,
          `succeed ventas readSales --fecha ${SUCCEEDED} --output-of nobody --why x`,
        );
        await stage.ok(`succeed ventas readSales --fecha ${SUCCEEDED} --output-of ${runId} --as ana --why`, why);
        const run = await stage.until('ventas', SUCCEEDED, 'it succeeds', ({ status }) => status === 'success');
        assert.equal(run.tasks.readSales.note, `marked by ana: ${why}`);
        expectStates(run, { summarizeStore: 'cached', checkTotals: 'cached', publishSales: 'cached' });
        // The file is still wrong: a run that reads it does not find what was said.
        assert.equal((await stage.run(`ventas --fecha ${SUCCEEDED}`)).tasks.readSales.state, 'failed');
      },
    ],
    [
      'skip a held task: the run goes on without it',
      async ({ stage }) => {
        await stage.writeSales(SKIPPED);
        await stage.start(`ventas --fecha ${SKIPPED} --hold-on-failure --param maxTotal=10`);
        await stage.until('ventas', SKIPPED, 'it is held', ({ status }) => status === 'held at checkTotals');
        await stage.ok(
          `skip ventas checkTotals --fecha ${SKIPPED} --as ana --why`,
          'the opening sale: the total is right',
        );
        const run = await stage.until('ventas', SKIPPED, 'it succeeds', ({ status }) => status === 'success');
        expectStates(run, { checkTotals: 'skipped', publishSales: 'success', alertOwner: 'skipped' });
      },
    ],
    [
      'release: the held task is a failure, and what the rules make of it happens',
      async ({ stage }) => {
        await holdAtReading(stage, RELEASED);
        await stage.ok(`release ventas --fecha ${RELEASED} --as ana --why`, 'nobody can correct it today');
        const run = await stage.until('ventas', RELEASED, 'it fails', ({ status }) => status === 'failed');
        expectStates(run, { readSales: 'failed', publishSales: 'upstream_failed', alertOwner: 'success' });
      },
    ],
  ],
};
