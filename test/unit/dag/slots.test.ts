import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slots } from '../../../dag/slots.js';

const never = new AbortController().signal;

describe('the slots of a pool', () => {
  it('are held by so many at once, in the order of asking, whoever leaves the queue or fails', async () => {
    const holders = fc.array(fc.constantFrom('works', 'fails', 'leaves'), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(holders, fc.integer({ min: 1, max: 3 }), fc.scheduler(), async (holders, size, scheduler) => {
        const pool = slots(size);
        const entered: number[] = [];
        let [within, most] = [0, 0];
        const leave = holders.map(() => new AbortController());
        const held = holders.map(async (holder, at) =>
          pool.hold(async () => {
            entered.push(at);
            within += 1;
            most = Math.max(most, within);
            await scheduler.schedule(Promise.resolve());
            within -= 1;
            if (holder === 'fails') throw new Error('failed');
          }, leave[at]?.signal ?? never),
        );
        const left = new Set(holders.flatMap((holder, at) => (holder === 'leaves' && at >= size ? [at] : [])));
        for (const at of left) leave[at]?.abort(new Error('left'));
        const ends = await scheduler.waitFor(Promise.allSettled(held));
        expect(entered).toEqual(holders.flatMap((_, at) => (left.has(at) ? [] : [at])));
        expect(most).toBe(Math.min(size, entered.length));
        expect(ends.map(({ status }) => status)).toEqual(
          holders.map((holder, at) => (holder === 'fails' || left.has(at) ? 'rejected' : 'fulfilled')),
        );
        // All slots came back.
        const again = Array.from({ length: size }, async () => pool.hold(async () => 'in', never));
        expect(await Promise.all(again)).toEqual(again.map(() => 'in'));
      }),
    );
  });

  it('are given to nobody who was called off before', async () => {
    const asking = slots(1).hold(async () => 'in', AbortSignal.abort(new Error('called off')));
    await expect(asking).rejects.toThrow('called off');
  });
});
