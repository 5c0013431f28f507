import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Gets what the server prints, appended. */
  readonly logFile: string;
  /** The server outlives this process. */
  readonly detached: boolean;
}

export interface ServerProcess {
  readonly pid: number;
  /** How the process ended; `undefined` while it runs. */
  readonly ended: () => string | undefined;
  /** The last lines that this process has written to the log, without stack traces. */
  readonly logTail: () => Promise<string>;
  /** SIGTERM, and SIGKILL after 5 s. Returns when the process is gone; may be called twice. */
  readonly close: () => Promise<void>;
}

const TERM_GRACE_MS = 5_000;
const TAIL_LINES = 12;

/** Starts a server in a process group of its own, so that Ctrl-C reaches us first and we end it in order. */
export async function startServerProcess(options: ServerCommand): Promise<ServerProcess> {
  const { command, args, env, logFile, detached } = options;
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, 'a');
  const logStart = (await log.stat()).size;
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', log.fd, log.fd] });
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
      resolve();
    });
    child.once('error', (error) => {
      ended = error.message;
      resolve();
    });
  });
  await Promise.race([gone, new Promise((resolve) => child.once('spawn', resolve))]);
  await log.close();
  const { pid } = child;
  if (pid === undefined) throw new Error(`Expected ${command} to start: ${ended ?? 'it has no process id'}`);

  const guard = detached ? undefined : endWithParent(pid);
  if (detached) child.unref();
  return {
    pid,
    ended: () => ended,
    logTail: async () => {
      const text = (await readFile(logFile)).subarray(logStart).toString();
      // A Go program's stack trace is long, and tells nothing to who only runs it.
      const [told = ''] = text.split(/^goroutine \d+ /m);
      return told.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    },
    close: async () => {
      if (ended === undefined) {
        child.kill('SIGTERM');
        const late = new AbortController();
        const force = sleep(TERM_GRACE_MS, undefined, { signal: late.signal }).then(
          () => child.kill('SIGKILL'),
          () => undefined,
        );
        await gone;
        late.abort();
        await force;
      }
      guard?.kill('SIGKILL');
    },
  };
}

/** A shell that reads a pipe from us: it closes however this process ends, and the shell then ends the server. */
function endWithParent(pid: number): ChildProcess {
  const script = 'read -r _; kill -TERM "$0" && sleep 5 && kill -KILL "$0"';
  const guard = spawn('/bin/sh', ['-c', script, String(pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without a shell the server is only ended by close().
  guard.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}
