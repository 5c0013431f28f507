import { readFile } from 'node:fs/promises';

/** What a process has used since it started; null where the system does not tell. */
export interface ProcessFigures {
  /** The most resident memory it had at a time. */
  readonly peakMiB: number | null;
  /** Time of all its threads on processors: a busy machine makes it wait longer, and work hardly more. */
  readonly cpuSeconds: number | null;
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

export async function processFigures(pid: number): Promise<ProcessFigures> {
  const text = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(await text('status'))?.[1];
  // The command's name, in parentheses, may hold anything; behind it the 12th and 13th field are user and system time.
  const fields = (await text('stat')).replace(/^.*\)\s*/s, '').split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return {
    peakMiB: kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024),
    cpuSeconds: Number.isFinite(user + system) ? (user + system) / TICKS_PER_SECOND : null,
  };
}
