/** A pool's slots within this process. */
export interface Slots {
  /** Does `work` once a slot is free, in the order of asking; gives the slot back when it ends. Rejects where it is aborted first. */
  hold<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

export function slots(size: number): Slots {
  let free = size;
  const queue = new Set<() => void>();

  /** A slot that is given back goes to the next in the queue, without being free in between. */
  function giveBack(): void {
    const [next] = queue;
    if (next === undefined) free += 1;
    else {
      queue.delete(next);
      next();
    }
  }

  async function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(enter);
        reject(signal.reason);
      };
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      queue.add(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  return {
    hold: async (work, signal) => {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await turn(signal);
      try {
        return await work();
      } finally {
        giveBack();
      }
    },
  };
}
