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

  it('does not use a word of the grammar as the name of a node', () => {
    const { task, dag } = pipeline<{ readonly end: (input: object) => Promise<number> }, object>();
    expect(drawMermaid(dag('short', { end: task('end', {}) }, z.object({})))).toBe('flowchart TD\n  task-end(["end"])');
  });
});
