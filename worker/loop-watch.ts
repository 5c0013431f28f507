/** Often enough that a block of some ten milliseconds shows, seldom enough to cost nothing. */
const LOOK_EVERY_MS = 10;

/**
 * Measures for how long at most the event loop of this process stands still. What comes back stops the watch and says that, in
 * milliseconds. While it stands still no heartbeat is sent and no other task goes on.
 */
export function watchLoop(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last - LOOK_EVERY_MS);
    last = now;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    // A block that lasts until now has let no timer look.
    look();
    return longest;
  };
}
