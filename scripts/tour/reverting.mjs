import assert from 'node:assert/strict';
import { day } from './stage.mjs';

const FECHA = day(70);

export const reverting = {
  title: 'What was published, put back',
  steps: [
    [
      'history: two versions of a date, and which run made each',
      async ({ stage }) => {
        await stage.writeSales(FECHA);
        assert.equal((await stage.run(`ventas --fecha ${FECHA}`)).outcome, 'success');
        await stage.writeSales(FECHA, ['norte,pan,1,7.77']);
        assert.equal((await stage.run(`ventas --fecha ${FECHA}`)).outcome, 'success');
        const { history } = await stage.json(`history ventas_tienda --fecha ${FECHA}`);
        assert.deepEqual(
          history.map(({ rows, current }) => [rows, current]),
          [
            [1, true],
            [3, false],
          ],
        );
        assert.match(history[0].run, new RegExp(`^ventas/${FECHA}`));
      },
    ],
    [
      'revert: the content before is back, as a commit with who and why; reverting again undoes it',
      async ({ stage }) => {
        const revert = `revert ventas_tienda --fecha ${FECHA} --as ana --why`;
        assert.match(await stage.ok(revert, 'half a file', '--dry-run'), /would go back to version \d+ \(3 rows/);
        await stage.ok(revert, 'half a file');
        const { rows } = await stage.json(`show ventas_tienda --fecha ${FECHA}`);
        assert.deepEqual(
          rows.map(({ tienda }) => tienda),
          ['centro', 'norte', 'sur'],
        );
        const { history } = await stage.json(`history ventas_tienda --fecha ${FECHA}`);
        assert.deepEqual([history[0].by, history[0].why, history[0].rows], ['ana', 'half a file', 3]);
        await stage.ok(revert, 'it was whole after all');
        assert.equal((await stage.json(`show ventas_tienda --fecha ${FECHA}`)).rows.length, 1);
      },
    ],
  ],
};
