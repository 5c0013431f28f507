import { describe, expect, it } from 'vitest';
import { inLanes } from '../../../lake/lanes.js';

describe('inLanes', () => {
  it('does all, in their order, and not all at once', async () => {
    let atWork = 0;
    let most = 0;
    const doubled = await inLanes(
      Array.from({ length: 100 }, (_, i) => i),
      async (i) => {
        atWork += 1;
        most = Math.max(most, atWork);
        await new Promise((resolve) => setImmediate(resolve));
        atWork -= 1;
        return 2 * i;
      },
      32,
    );
    expect(doubled).toEqual(Array.from({ length: 100 }, (_, i) => 2 * i));
    expect(most).toBe(32);
  });

  it('begins nothing after a failure, ends what is under way, and rejects with the first one', async () => {
    const ended: number[] = [];
    const work = inLanes(
      [1, 2, 3, 4, 5, 6],
      async (i) => {
        await new Promise((resolve) => setTimeout(resolve, 5 * i));
        if (i === 1) throw new Error('the first');
        ended.push(i);
      },
      3,
    );
    await expect(work).rejects.toThrow('the first');
    expect(ended).toEqual([2, 3]);
  });
});
