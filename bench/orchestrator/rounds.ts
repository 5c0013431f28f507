import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contender.js';
import { WORKLOADS } from './workload.js';
import type { Workload } from './workload.js';

/** The times that a contender took for a workload, in seconds: `undefined` for a round that it did not run. */
export interface Series {
  readonly key: string;
  readonly workload: Workload;
  readonly seconds: readonly (number | undefined)[];
  readonly failure?: string;
}

/** Who took longer in all for a workload is not asked again: more rounds would tell nothing new, and take hours. */
const BUDGET_SECONDS = 30;

/** Who takes longer for a chain starts processes for a run: a second warm-up would warm nothing. */
const WARM_CHAIN_SECONDS = 5;

/** A server that was stopped catches up with its clocks first. */
const SETTLE_MS = 1_000;

/**
 * Runs everything once to warm up and then `rounds` times, the contenders in turn and every second round in reverse, so
 * that a load that comes and goes on the machine meets all of them. Who fails is out.
 */
export async function runRounds(
  contenders: readonly Contender[],
  rounds: number,
  log: (line: string) => void,
): Promise<Series[]> {
  const times = new Map<string, (number | undefined)[]>();
  const failures = new Map<Contender, string>();
  const timesOf = ({ key }: Contender, workload: Workload): (number | undefined)[] => {
    const id = `${key} ${workload}`;
    const found = times.get(id) ?? [];
    times.set(id, found);
    return found;
  };
  const attempt = async (contender: Contender, workload: Workload, round: string): Promise<number | undefined> => {
    if (failures.has(contender)) return undefined;
    try {
      const seconds = await timed(contender, workload);
      log(`${round}: ${contender.key} ${workload} ${seconds.toFixed(3)} s`);
      return seconds;
    } catch (error) {
      if (!contender.peer) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      failures.set(contender, reason);
      log(`${round}: ${contender.key} ${workload} failed: ${reason}`);
      return undefined;
    }
  };

  for (const contender of contenders) {
    const chain = await attempt(contender, 'chain', 'warm-up');
    if (chain !== undefined && chain < WARM_CHAIN_SECONDS) await attempt(contender, 'fan-out', 'warm-up');
  }
  for (let round = 1; round <= rounds; round++) {
    for (const workload of WORKLOADS) {
      for (const contender of round % 2 === 1 ? contenders : contenders.toReversed()) {
        const so = timesOf(contender, workload);
        const spent = so.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0);
        so.push(spent > BUDGET_SECONDS ? undefined : await attempt(contender, workload, `round ${round}`));
      }
    }
  }
  return contenders.flatMap((contender) =>
    WORKLOADS.map((workload) => {
      const failure = failures.get(contender);
      const series = { key: contender.key, workload, seconds: timesOf(contender, workload) };
      return failure === undefined ? series : { ...series, failure };
    }),
  );
}

async function timed(contender: Contender, workload: Workload): Promise<number> {
  contender.resume();
  try {
    await sleep(SETTLE_MS);
    const started = performance.now();
    await contender.run(workload);
    return (performance.now() - started) / 1_000;
  } finally {
    contender.pause();
  }
}
