import { describe, expect, it } from 'vitest';
import { gridLines } from '../../../cli/partition-grid.js';
import type { GridRow } from '../../../cli/partition-grid.js';
import { recordedRun } from '../../../dag/recorded-run.js';
import type { RecordedRun } from '../../../dag/recorded-run.js';
import type { TaskEnding } from '../../../dag/run-record.js';
import { segmentationDag } from '../../../workflows/segmentation-dag.js';

const tasks = segmentationDag.tasks.map(({ id }) => id);
const tables = ['clientes_segmentados', 'scores_rubro', 'segmentos'];

const done: TaskEnding = { state: 'success', cached: false };
const cached: TaskEnding = { state: 'success', cached: true };

function row(fecha: string, endings: readonly TaskEnding[], more: Partial<RecordedRun> = {}, runs = 1): GridRow {
  const run = recordedRun({ dag: 'segmentation', fecha, runId: 'a' }, undefined, []);
  const ended = Object.fromEntries(endings.map((ending, i) => [tasks[i] ?? '', ending]));
  const times = { startedAt: '2026-11-16T00:00:00Z', endedAt: '2026-11-16T01:02:00Z' };
  const held = { version: 1_234, rows: 10, run: null, there: true };
  return {
    fecha,
    runs,
    run: { ...run, outcome: 'success', tasks: ended, ...times, ...more },
    partitions: tables.map(() => held),
  };
}

const failed: readonly TaskEnding[] = [
  done,
  done,
  done,
  { state: 'failed' },
  { state: 'upstream_failed' },
  done,
  { state: 'upstream_failed' },
];

describe('the grid of dates and tasks', () => {
  const rows = [
    row('2017-07-03', [cached, cached, cached, cached, cached, cached, done], {}, 3),
    { fecha: '2017-06-26', runs: 0, run: null, partitions: [null, null, null] },
    row('2017-06-19', failed, { outcome: 'failed' }, 12),
    row('2017-06-12', [done], { outcome: 'unfinished', endedAt: null }),
  ];
  const lines = gridLines({ tasks, tables, rows });

  it('names each column above it, then has a line a date', () => {
    expect(lines.slice(0, 14)).toEqual([
      '              ingestTransactions',
      '              | buildFeatures',
      '              | | scaleFeatures',
      '              | | | fitClusters',
      '              | | | | nameClusters',
      '              | | | | | buildKnnIndex',
      '              | | | | | | publishSegments',
      '              | | | | | | |  clientes_segmentados',
      '              | | | | | | |  |      scores_rubro',
      '              | | | | | | |  |      |      segmentos',
      '  2017-07-03  = = = = = = +  v1234  v1234  v1234  success      1.0 h  3 runs',
      '  2017-06-26                 -      -      -      no run',
      '  2017-06-19  + + + x - + -  v1234  v1234  v1234  failed       1.0 h  12 runs',
      '  2017-06-12  +              v1234  v1234  v1234  unfinished',
    ]);
  });

  it('fits into 80 columns, whatever the versions and however long the runs', () => {
    const long = { outcome: 'terminated', endedAt: '2026-11-20T00:00:00Z' } as const;
    const wide = gridLines({ tasks, tables, rows: [row('2017-07-03', failed, long, 99)] });
    expect(Math.max(...wide.slice(0, -3).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('explains the marks that it has, and no others', () => {
    expect(lines.slice(15)).toEqual([
      '  + computed   = cached   x failed   - did not run',
      '  v12: the version of the table that holds the date, whichever run published it; -: none',
      '  ? unfinished: it left no record of its end, so it is at work, or was killed',
    ]);
  });

  it('says where a check warned, and where a file of the table is gone', () => {
    const check = { passed: false, severity: 'warn', figures: {}, message: '' } as const;
    const warned = row('2017-07-03', [done, done], { checks: { [tasks[1] ?? '']: check } });
    const gone = { version: 3, rows: 1, run: null, there: false };
    const text = gridLines({ tasks, tables, rows: [{ ...warned, partitions: [gone, gone, gone] }] }).join('\n');
    expect(text).toContain('2017-07-03  + w            v3?  v3?  v3?  success');
    expect(text).toContain('w done, a check warned');
    expect(text).toContain('v12?: its file is not in the lake');
  });

  it('numbers the tasks of a DAG that has too many for names above their columns', () => {
    const many = Array.from({ length: 30 }, (_, i) => `task-${i}`);
    const run = { ...recordedRun({ dag: 'wide', fecha: '2017-07-03', runId: 'a' }, undefined, []), outcome: 'success' };
    const ended = Object.fromEntries(many.map((id) => [id, done]));
    const wide = { fecha: '2017-07-03', runs: 1, run: { ...run, tasks: ended } as RecordedRun, partitions: [] };
    const text = gridLines({ tasks: many, tables: [], rows: [wide] }).join('\n');
    expect(text).toContain('   30 task-29\n              .........1.........2.........3\n');
    expect(text).toContain(`2017-07-03  ${'+'.repeat(30)}  success`);
  });
});
