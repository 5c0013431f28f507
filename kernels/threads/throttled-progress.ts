import type { KernelProgress, OnProgress } from '../progress.js';

/** Passes on the first progress, and then what comes at least `interval` milliseconds after the last passed on. */
export function throttledProgress(post: OnProgress, interval: number, now: () => number): OnProgress {
  let due = -Infinity;
  return (progress: KernelProgress) => {
    const time = now();
    if (time < due) return;
    due = time + interval;
    post(progress);
  };
}
