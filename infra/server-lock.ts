import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/** What the lock file of a database tells about the server that uses it. */
export interface LockHolder {
  readonly pid: number;
  /** `host:port`; absent while the server is starting. */
  readonly address?: string;
  readonly uiUrl?: string;
}

export interface ServerLock {
  /** Replaces the holder: the starting process by the server itself. */
  hand(holder: LockHolder): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock file for this process. SQLite lets two dev servers open one database and both would run its workflows,
 * so the file is what keeps them apart. Returns the holder where a living one has it.
 */
export async function takeServerLock(file: string): Promise<ServerLock | { readonly heldBy: LockHolder }> {
  await mkdir(dirname(file), { recursive: true });
  for (;;) {
    try {
      await place({ pid: process.pid }, file, link);
      return lockOf(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const heldBy = await liveHolder(file);
    if (heldBy !== undefined) return { heldBy };
    await rm(file, { force: true });
  }
}

function lockOf(file: string): ServerLock {
  let holder = process.pid;
  return {
    hand: async (next) => {
      await place(next, file, rename);
      holder = next.pid;
    },
    release: async () => {
      // After our server was killed, another one may have taken the lock.
      if ((await readHolder(file))?.pid === holder) await rm(file, { force: true });
    },
  };
}

/** Under a temporary name first: a half-written file would be taken for one that nobody holds. */
async function place(
  holder: LockHolder,
  file: string,
  name: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, JSON.stringify(holder));
    await name(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Who holds the lock and is alive; `undefined` where nobody is: the file is absent, or left by a process that was killed. */
export async function liveHolder(file: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(file);
  if (holder === undefined || !isAlive(holder.pid)) return undefined;
  // A process id may be in use again after a reboot; then nobody answers.
  return holder.address === undefined || (await answers(holder.address)) ? holder : undefined;
}

async function readHolder(file: string): Promise<LockHolder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    // Written by this file alone; a number for pid is what all that follows rests on.
    const holder = value as LockHolder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const url = new URL(`tcp://${address}`);
    const socket = connect({ host: url.hostname, port: Number(url.port), timeout: 2_000 });
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
