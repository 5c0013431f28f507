import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../orchestrator/contender.js';
import { median } from '../orchestrator/results.js';
import { type Contender, startContender } from './contender.js';
import { type Data, NotHere } from './data.js';
import type { Agreement, AtSize, Peer, Plain, Row } from './row.js';
import type { Figures } from './side.js';

/** What was measured of one side of a row. */
export interface Measured {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly peakMiB: number | null;
  /** Median over the rounds of its time by ours in the same round: so many times as fast is ours. Null of ours. */
  readonly ratio: number | null;
  readonly atLeast: number | null;
  /** Ours by its. */
  readonly memoryRatio: number | null;
  readonly memoryAtMost: number | null;
  readonly agreement: Agreement | null;
  /** Why it fell out. */
  readonly failure: string | null;
}

export interface RowResult {
  readonly group: string;
  readonly title: string;
  readonly sides: readonly Measured[];
  /** What the work takes done plainly, where that is known. */
  readonly plain: Plain | null;
  readonly size?: AtSize;
  /** What else is to be told of ours, of its last round. */
  readonly notes: readonly string[];
  /** Why the row is not there. */
  readonly absent: string | null;
}

export interface RoundLimits {
  readonly rounds: number;
  /** No round begins when a row has taken so long, but the first. */
  readonly budgetSeconds: number;
}

interface Entrant {
  readonly name: string;
  readonly peer: Peer | undefined;
  /** Undefined where it never started. */
  readonly contender: Contender | undefined;
  readonly seconds: (number | undefined)[];
  figures: Figures;
  failure: string | null;
}

/**
 * Warms all sides of a row up, and then runs them in turn, every second round in reverse, so that a load that comes and
 * goes on the machine meets all of them. Who fails is out; a failure of ours ends the bench.
 */
export async function measureRow(row: Row, data: Data, place: Place, limits: RoundLimits): Promise<RowResult> {
  const { group, title } = row;
  // What a row leaves behind is removed before the next one: lakes are large.
  const scratch = await mkdtemp(join(place.scratch, `${group}-`));
  const entrants: Entrant[] = [];
  try {
    const settings = await row.prepare(data);
    for (const peer of [undefined, ...row.peers]) {
      const name = peer?.name ?? 'ours';
      place.log(`${title}: ${name} warms up …`);
      const failed = (error: unknown): string => fellOut(error, peer, place);
      const started = await startContender(row.script, peer?.way, { ...place, scratch }).catch(failed);
      if (typeof started === 'string') {
        entrants.push({ name, peer, contender: undefined, seconds: [], figures: {}, failure: started });
        continue;
      }
      const entrant: Entrant = { name, peer, contender: started, seconds: [], figures: {}, failure: null };
      entrants.push(entrant);
      const own = peer?.settings?.(entrants[0]?.figures ?? {}) ?? {};
      const figures = await started.warmUp({ ...settings, ...own }).catch(failed);
      if (typeof figures === 'string') entrant.failure = figures;
      else entrant.figures = figures;
    }
    const rounds = Math.min(limits.rounds, row.roundsAtMost ?? limits.rounds);
    await runRounds(entrants, place, title, { ...limits, rounds });
    const [ours] = entrants;
    if (ours?.contender !== undefined) ours.figures = await ours.contender.tell();
    const sides: Measured[] = [];
    for (const entrant of entrants) sides.push(await measured(row, settings, entrant, ours));
    const figures = ours?.figures ?? {};
    const plain = row.plain?.(settings, figures) ?? null;
    const size = row.size === undefined ? {} : { size: row.size };
    return { group, title, sides, plain, notes: row.notes?.(figures) ?? [], absent: null, ...size };
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    return { group, title, sides: [], plain: null, notes: [], absent: error.message };
  } finally {
    for (const { contender } of entrants) await contender?.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runRounds(
  entrants: readonly Entrant[],
  place: Place,
  title: string,
  { rounds, budgetSeconds }: RoundLimits,
): Promise<void> {
  const started = performance.now();
  for (let round = 1; round <= rounds; round++) {
    if (round > 1 && (performance.now() - started) / 1000 > budgetSeconds) break;
    for (const entrant of round % 2 === 1 ? entrants : entrants.toReversed()) {
      const { name, contender } = entrant;
      if (contender === undefined || entrant.failure !== null) continue;
      const seconds = await contender.run().catch((error: unknown) => fellOut(error, entrant.peer, place));
      if (typeof seconds === 'string') entrant.failure = seconds;
      else entrant.seconds[round - 1] = seconds;
      if (typeof seconds === 'number') place.log(`${title}: round ${round}: ${name} ${seconds.toFixed(3)} s`);
    }
  }
}

async function measured(
  row: Row,
  settings: { readonly [name: string]: unknown },
  { name, peer, contender, seconds, figures, failure }: Entrant,
  ours: Entrant | undefined,
): Promise<Measured> {
  const ran = seconds.filter((time) => time !== undefined);
  const ratios = seconds.flatMap((time, round) => {
    const our = ours?.seconds[round];
    return time === undefined || our === undefined ? [] : [time / our];
  });
  const peakMiB = contender === undefined || failure !== null ? null : await contender.peakMiB();
  const ourPeak = peer === undefined ? null : ((await ours?.contender?.peakMiB()) ?? null);
  const compared = peer !== undefined && peer.measure !== true && failure === null;
  return {
    name,
    seconds: ran,
    peakMiB,
    ratio: peer === undefined || ratios.length === 0 ? null : median(ratios),
    atLeast: peer?.atLeast ?? null,
    memoryRatio: ourPeak === null || peakMiB === null ? null : ourPeak / peakMiB,
    memoryAtMost: peer?.memoryAtMost ?? null,
    agreement: compared ? await row.judge(ours?.figures ?? {}, figures, settings) : null,
    failure,
  };
}

function fellOut(error: unknown, peer: Peer | undefined, { log }: Place): string {
  if (peer === undefined) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  log(`${peer.name} fell out: ${reason}`);
  return reason;
}
