import type { Json } from '../dag/artifact.js';
import type { DuckDb } from '../lake/duckdb.js';

const EVERY_MS = 1_000;
/**
 * A phase without a percentage (a sort, a spill) has progressed when the process burnt this share of a core since the
 * last look: well above what an idle worker takes, well below one busy thread.
 */
const BUSY_SHARE = 0.3;

/**
 * Turns the progress of a DuckDB's queries into heartbeats, and an abort into an interrupt. A query that hangs (a dead
 * disk, a lock) neither advances nor burns time, so it sends nothing and is found out by the heartbeat timeout, unless
 * other tasks keep this process busy: then by the task's own timeout.
 */
export function watchQuery(
  db: DuckDb,
  signal: AbortSignal,
  heartbeat: (detail: { readonly [what: string]: Json }) => void,
): { phase(name: string): void; stop(): void } {
  let phase = 'opening';
  let percent = -1;
  let cpu = process.cpuUsage();
  const timer = setInterval(() => {
    // An abort between two queries interrupts nothing: the next one is stopped here.
    if (signal.aborted) db.interrupt();
    const now = Math.floor(db.percentDone());
    const used = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    const busy = (used.user + used.system) / 1_000 > EVERY_MS * BUSY_SHARE;
    if (now === percent && !busy) return;
    percent = now;
    heartbeat(now < 0 ? { phase } : { phase, percent: now });
  }, EVERY_MS);
  timer.unref();
  const interrupt = (): void => db.interrupt();
  signal.addEventListener('abort', interrupt);
  return {
    phase(name) {
      signal.throwIfAborted();
      phase = name;
      heartbeat({ phase });
    },
    stop() {
      clearInterval(timer);
      signal.removeEventListener('abort', interrupt);
    },
  };
}
