import { describe, expect, it } from 'vitest';
import type { Measured, RowResult } from '../../../bench/kernels/measure-row.js';
import { drawReport, markdownReport } from '../../../bench/kernels/report.js';

const ours: Measured = {
  name: 'ours',
  seconds: [0.25, 0.2, 0.3],
  peakMiB: 120,
  ratio: null,
  atLeast: null,
  memoryRatio: null,
  memoryAtMost: null,
  agreement: null,
  failure: null,
};
const peer = (changes: Partial<Measured>): Measured => ({
  ...ours,
  name: 'scikit-learn',
  seconds: [0.5, 0.4, 12],
  ratio: 2,
  atLeast: 4,
  agreement: { says: 'inertia +2.0e-7', holds: true },
  ...changes,
});
const row = (...peers: Measured[]): RowResult => ({
  group: 'kmeans',
  title: 'k-means, 200k x 24',
  sides: [ours, ...peers],
  plain: null,
  notes: [],
  absent: null,
});

const head = {
  date: '2026-11-22',
  machine: ['machine: two cores'],
  rounds: 3,
  limits: { multiplyAdds: 4e9, bytes: 1e9 },
};

describe('the report of the bench', () => {
  it('has a line for each side, and says of each aim whether it is reached', () => {
    const lines = markdownReport(head, [row(peer({}), peer({ name: 'faiss', ratio: 5, seconds: [30] }))]).split('\n');
    expect(lines).toContain('| k-means, 200k x 24 | ours | 3 | 0.250 | 0.200 | 0.300 |  |  | 120 |  |');
    expect(lines).toContain(
      '|  | scikit-learn | 3 | 0.500 | 0.400 | 12.0 | 2.00 | 4 MISSED | 120 | agree: inertia +2.0e-7 |',
    );
    expect(lines).toContain('|  | faiss | 1 | 30.0 | 30.0 | 30.0 | 5.00 | 4 reached | 120 | agree: inertia +2.0e-7 |');
  });

  it('judges our share of its memory where there is an aim for it', () => {
    const memory = (memoryRatio: number) => markdownReport(head, [row(peer({ memoryRatio, memoryAtMost: 2 / 3 }))]);
    expect(memory(0.5)).toContain('| 4 MISSED; 0.67 of its memory reached |');
    expect(memory(0.7)).toContain('| 4 MISSED; 0.67 of its memory MISSED |');
  });

  it('keeps a row where ours is slower and one where the results differ', () => {
    const slower = peer({ ratio: 0.5, atLeast: null, agreement: { says: 'inertia +0.1', holds: false } });
    expect(markdownReport(head, [row(slower)])).toContain('| 0.50 |  | 120 | DIFFER: inertia +0.1 |');
  });

  it('says who fell out and which rows are absent, and why', () => {
    const fallen = peer({ seconds: [], ratio: null, peakMiB: null, agreement: null, failure: 'no wheel\nfor this' });
    const absent: RowResult = {
      group: 'kmeans',
      title: 'real rows',
      sides: [],
      plain: null,
      notes: [],
      absent: 'the folder is not there',
    };
    const text = markdownReport(head, [row(fallen), absent]);
    expect(text).toContain('|  | scikit-learn | 0 |  |  |  |  | 4 |  | fell out |');
    expect(text).toContain('- FELL OUT: k-means, 200k x 24: scikit-learn: no wheel for this');
    expect(text).toContain('- ABSENT: real rows: the folder is not there');
  });

  it('says how far ours is from what the machine could do', () => {
    const far = { ...row(peer({})), plain: { unit: 'multiplyAdds', amount: 4e8 } } as const;
    expect(markdownReport(head, [far])).toContain(
      '- LIMIT: k-means, 200k x 24: plainly done 4.0e+8 multiply-adds, 0.10 s at the limit of this machine; ours took 2.5 times that',
    );
  });

  it('breaks long cells into lines for a terminal', () => {
    const text = drawReport([row(peer({ agreement: { says: 'a word '.repeat(20), holds: true } }))], head.limits);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(200);
    expect(text).toContain('scikit-learn');
  });
});
