import { describe, expect, it } from 'vitest';
import {
  fitStandardScaler,
  fitStandardScalerInSteps,
  transformStandard,
  transformStandardInSteps,
} from '../../../kernels/standard-scaler.js';
import { STEP_VALUES, atOnce, inTurns, rowSteps } from '../../../kernels/steps.js';
import type { Steps } from '../../../kernels/steps.js';

function* counted(steps: number): Steps<number> {
  for (let step = 0; step < steps; step++) yield;
  return steps;
}

describe('work in steps', () => {
  it('gives the same at once and in turns', async () => {
    expect(atOnce(counted(3))).toBe(3);
    expect(await inTurns(counted(3))).toBe(3);
    expect(await inTurns(counted(0))).toBe(0);
  });

  it('lets others have a turn after each step', async () => {
    const steps: number[] = [];
    let step = 0;
    const others = (): void => {
      steps.push(step);
      if (step < 3) setImmediate(others);
    };
    function* working(): Steps<void> {
      for (; step < 3; step++) yield;
    }
    setImmediate(others);
    await inTurns(working());
    // Somebody else was there between the first step and the last.
    expect(steps.filter((at) => at > 0 && at < 3)).not.toEqual([]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const endless = inTurns(counted(Infinity), stop.signal);
    stop.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
  });

  it('goes over every row once, in order', () => {
    for (const [rows, columns] of [
      [0, 3],
      [1, 3],
      [STEP_VALUES + 1, 1],
      [5, STEP_VALUES * 2],
    ] as const) {
      let next = 0;
      for (const [from, to] of rowSteps(rows, columns)) {
        expect(from).toBe(next);
        expect(to).toBeGreaterThan(from);
        next = to;
      }
      expect(next).toBe(rows);
    }
  });

  it('scales with the same bits, over several steps', async () => {
    const [rows, columns] = [STEP_VALUES, 2];
    const values = Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(i) * 1e3 + (i % 7));
    const matrix = { rows, columns, values };
    const scaler = fitStandardScaler(matrix);
    expect(await inTurns(fitStandardScalerInSteps(matrix))).toEqual(scaler);
    const { values: scaled } = await inTurns(transformStandardInSteps(scaler, matrix));
    expect(Buffer.from(scaled.buffer).equals(Buffer.from(transformStandard(scaler, matrix).values.buffer))).toBe(true);
  });
});
