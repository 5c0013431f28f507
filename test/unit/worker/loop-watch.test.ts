import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchLoop } from '../../../worker/loop-watch.js';

const BLOCK_MS = 120;

function block(): void {
  const end = performance.now() + BLOCK_MS;
  while (performance.now() < end);
}

describe('a watch of the event loop', () => {
  it('sees a block between two turns', async () => {
    const longest = watchLoop();
    await sleep(30);
    block();
    await sleep(30);
    expect(longest()).toBeGreaterThanOrEqual(BLOCK_MS - 20);
  });

  it('sees a block that begins at once and lasts to the end', () => {
    const longest = watchLoop();
    block();
    expect(longest()).toBeGreaterThanOrEqual(BLOCK_MS - 20);
  });
});
