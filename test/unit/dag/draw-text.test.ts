import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drawText } from '../../../dag/draw-text.js';
import { pipeline } from '../../../dag/pipeline.js';
import type { Task } from '../../../dag/edge.js';
import { shopDag } from './sample-dag.js';

describe('drawText', () => {
  it('shows tasks of one step side by side, and what each waits for', () => {
    expect(drawText(shopDag())).toBe(
      [
        'shop: 4 tasks',
        'step 1  ingest',
        'step 2  clean         <- ingest',
        '        count         <- ingest',
        'step 3  publish-shop  <- clean, count',
        'outputs: published (publish-shop)',
      ].join('\n'),
    );
  });

  it('stays aligned over more than nine steps', () => {
    const { task, constant, dag } = pipeline<{ readonly next: (input: { of: number }) => Promise<number> }, object>();
    let last: Task<number> = task('next', { of: constant(0) }, { id: 't1' });
    for (let i = 2; i <= 10; i += 1) last = task('next', { of: last }, { id: `t${i}` });
    const lines = drawText(dag('chain', { t10: last }, z.object({}))).split('\n');
    expect(lines[1]).toBe('step 1   t1');
    expect(lines[9]).toBe('step 9   t9   <- t8');
    expect(lines[10]).toBe('step 10  t10  <- t9');
    expect(lines[11]).toBe('outputs: t10');
  });

  it('speaks of one task in the singular', () => {
    const { task, dag } = pipeline<{ readonly only: (input: object) => Promise<number> }, object>();
    expect(drawText(dag('single', { only: task('only', {}) }, z.object({})))).toContain('single: 1 task\n');
  });
});
