import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { processFigures } from '../lookalikes/process-figures.js';
import type { Place } from '../orchestrator/contender.js';
import { startDriver } from '../orchestrator/driver.js';
import { peerEnv } from '../orchestrator/python-driver.js';
import { SCRIPTS, peersPython } from './python.js';
import type { Settings } from './row.js';
import type { Figures } from './side.js';

/** A process that does one row's work in one way, over and over. It is stopped while others have their turn. */
export interface Contender {
  /** Makes ready, and runs once without being measured. */
  warmUp(settings: Settings): Promise<Figures>;
  /** Seconds. */
  run(): Promise<number>;
  /** What came of the last run. */
  tell(): Promise<Figures>;
  peakMiB(): Promise<number | null>;
  close(): Promise<void>;
}

const ran = z.object({ seconds: z.number(), pid: z.number().optional() });
const figures = z.record(z.string(), z.unknown());

/** Ours where `way` is undefined. */
export async function startContender(script: string, way: string | undefined, place: Place): Promise<Contender> {
  const name = way === undefined ? `${script}-ours` : `${script}-${way}`;
  const out = join(place.scratch, name);
  await mkdir(out, { recursive: true });
  const command =
    way === undefined
      ? { command: process.execPath, args: [resolve('dist', 'bench', 'kernels', `${script}.js`)] }
      : { command: await peersPython(place), args: [join(SCRIPTS, `${script}.py`), way] };
  const logFile = join(place.home, 'logs', `${name}.log`);
  const { group, ask } = await startDriver({ ...command, env: peerEnv(place, {}), logFile });
  group.pause();
  let pid = group.child.pid ?? 0;
  const told = async (order: object): Promise<unknown> => {
    group.resume();
    try {
      return JSON.parse(await ask(JSON.stringify(order)));
    } finally {
      group.pause();
    }
  };
  const run = async (): Promise<number> => {
    const answer = ran.parse(await told({ do: 'run' }));
    pid = answer.pid ?? pid;
    return answer.seconds;
  };
  const tell = async (): Promise<Figures> => figures.parse(await told({ do: 'tell' }));
  return {
    warmUp: async (settings) => {
      await told({ settings: { ...settings, out } });
      await run();
      return tell();
    },
    run,
    tell,
    peakMiB: async () => (await processFigures(pid)).peakMiB,
    close: group.close,
  };
}
