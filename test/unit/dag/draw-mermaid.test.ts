import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drawMermaid } from '../../../dag/draw-mermaid.js';
import { pipeline } from '../../../dag/pipeline.js';
import { shopDag } from './sample-dag.js';

describe('drawMermaid', () => {
  it('draws every task once, every edge once, and rounds the outputs', () => {
    expect(drawMermaid(shopDag()).split('\n')).toEqual([
      'flowchart TD',
      '  ingest["ingest"]',
      '  clean["clean"]',
      '  count["count"]',
      '  publish-shop(["publish-shop"])',
      '  ingest --> clean',
      '  ingest --> count',
      '  clean --> publish-shop',
      '  count --> publish-shop',
    ]);
  });

  it('dots the edges that are order alone: one that feeds as well is drawn once, in full', () => {
    const { task, dag } = pipeline<{ readonly next: (input: { of?: number }) => Promise<number> }, object>();
    const first = task('next', {}, { id: 'first' });
    const second = task('next', { of: first }, { id: 'second', after: [first] });
    const third = task('next', { of: second }, { id: 'third', after: [first] });
    expect(
      drawMermaid(dag('ordered', { third }, z.object({})))
        .split('\n')
        .slice(4),
    ).toEqual(['  first --> second', '  second --> third', '  first -.-> third']);
  });

  it('does not use a word of the grammar as the name of a node', () => {
    const { task, dag } = pipeline<{ readonly end: (input: object) => Promise<number> }, object>();
    expect(drawMermaid(dag('short', { end: task('end', {}) }, z.object({})))).toBe('flowchart TD\n  task-end(["end"])');
  });
});
