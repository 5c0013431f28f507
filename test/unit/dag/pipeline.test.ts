import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TASK_DEFAULTS, upstreamOf } from '../../../dag/dag.js';
import { pipeline } from '../../../dag/pipeline.js';
import type { AuthorOptions } from '../../../dag/define-task.js';
import { shopDag } from './sample-dag.js';

type Numbers = {
  readonly one: (input: object) => Promise<number>;
  readonly next: (input: { readonly of: number }) => Promise<number>;
  readonly sum: (input: { readonly a: number; readonly b: number }) => Promise<number>;
};
const noParams = z.strictObject({});
const { constant, task, dag } = pipeline<Numbers, z.infer<typeof noParams>>();

describe('a DAG', () => {
  it('lists its tasks so that each comes after those whose outputs it takes', () => {
    const place = new Map(shopDag().tasks.map(({ id }, i) => [id, i]));
    expect([...place.keys()].toSorted()).toEqual(['clean', 'count', 'ingest', 'publish-shop']);
    for (const spec of shopDag().tasks) {
      for (const id of upstreamOf(spec)) expect(place.get(id)).toBeLessThan(place.get(spec.id) ?? -1);
    }
  });

  it('is plain data: apart from its schema it survives JSON, and tells where every input comes from', () => {
    const { tasks, outputs, id } = shopDag();
    expect(JSON.parse(JSON.stringify({ tasks, outputs, id }))).toEqual({ tasks, outputs, id });
    expect(outputs).toEqual({ published: 'publish-shop' });
    expect(tasks.find((spec) => spec.id === 'clean')).toEqual({
      id: 'clean',
      activity: 'clean',
      kind: { is: 'task' },
      after: [],
      inputs: {
        rows: { from: 'task', task: 'ingest', field: 'rows' },
        strict: { from: 'param', param: 'strict' },
      },
      options: { ...TASK_DEFAULTS, queue: 'compute' },
    });
  });

  it('refers to a task by the id it was given, not by its activity', () => {
    const first = task('one', {}, { id: 'first' });
    const { tasks } = dag('numbers', { last: task('next', { of: first }) }, noParams);
    expect(tasks.map(({ id, activity }) => [id, activity])).toEqual([
      ['first', 'one'],
      ['next', 'next'],
    ]);
    expect(tasks[1]?.inputs).toEqual({ of: { from: 'task', task: 'first' } });
  });

  it('holds a task that is used twice once, and what feeds no output not at all', () => {
    const one = task('one', {});
    task('next', { of: one }, { id: 'unused' });
    const sum = task('sum', { a: one, b: one });
    const { tasks } = dag('numbers', { sum, one }, noParams);
    expect(tasks.map(({ id }) => id)).toEqual(['one', 'sum']);
    expect(upstreamOf(sum.spec)).toEqual(['one']);
  });

  it('keeps constants as they are', () => {
    const { tasks } = dag('numbers', { next: task('next', { of: constant(7) }) }, noParams);
    expect(tasks[0]?.inputs).toEqual({ of: { from: 'constant', value: 7 } });
  });

  it('refuses two tasks with one id, and says what to do', () => {
    const sum = task('sum', { a: task('next', { of: constant(1) }), b: task('next', { of: constant(2) }) });
    expect(() => dag('numbers', { sum }, noParams)).toThrow(
      "DAG 'numbers' has two tasks called 'next': give one of them another `id`",
    );
    const apart = task('sum', {
      a: task('next', { of: constant(1) }, { id: 'left' }),
      b: task('next', { of: constant(2) }, { id: 'right' }),
    });
    expect(dag('numbers', { apart }, noParams).tasks.map(({ id }) => id)).toEqual(['left', 'right', 'sum']);
  });

  it('refuses to be without an output', () => {
    expect(() => dag('empty', {}, noParams)).toThrow("Expected DAG 'empty' to have an output, got none");
  });

  it.each<[AuthorOptions, string]>([
    [{ id: '1' }, "got '1'"],
    [{ id: 'a b' }, "got 'a b'"],
    [{ id: '' }, "got ''"],
    [{ retries: -1 }, 'one: Expected `retries` to be 0 or a larger whole number, got -1'],
    [{ retries: 0.5 }, 'got 0.5'],
    [{ timeout: '0 seconds' }, "one: Expected `timeout` to be above 0, got '0 seconds'"],
    [{ heartbeat: '-1 seconds' }, "got '-1 seconds'"],
    [{ timeout: '1e3 seconds' }, "got '1e3 seconds'"],
  ])('refuses the options %j where they are written', (options, message) => {
    expect(() => task('one', {}, options)).toThrow(message);
  });
});
