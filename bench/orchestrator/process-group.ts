import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GroupCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Gets what the processes print on standard error, and on standard output where that is not read. */
  readonly logFile: string;
  /** Whether standard input and output are pipes, to talk with the process. */
  readonly talks?: boolean;
}

/** A process with all that it starts, such as an orchestrator's server with its schedulers and workers. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  /** How the first process ended; `undefined` while it runs. */
  ended(): string | undefined;
  /** The last lines of its log. */
  logTail(): Promise<string>;
  /** Stops all of them in their tracks: what waits for its turn takes no time from others. */
  pause(): void;
  resume(): void;
  /** Ends all of them. */
  close(): Promise<void>;
}

const TERM_GRACE_MS = 5_000;
const TAIL_LINES = 15;

export async function startProcessGroup({ command, args, env, logFile, talks }: GroupCommand): Promise<ProcessGroup> {
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, 'w');
  const talk = talks === true ? 'pipe' : undefined;
  // Detached: a process group of its own, which can be signalled as one.
  const child = spawn(command, args, { env, detached: true, stdio: [talk ?? 'ignore', talk ?? log.fd, log.fd] });
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended = signal === null ? `exit code ${code}` : `signal ${signal}`));
  child.once('error', (error) => (ended = error.message));
  await Promise.race([once(child, 'spawn'), once(child, 'error').catch(() => undefined)]);
  await log.close();
  const { pid } = child;
  if (pid === undefined) throw new Error(`Expected ${command} to start: ${ended ?? 'it has no process id'}`);
  const guard = endWithParent(pid);

  /** Whether a process of the group was there to get it. */
  const signal = (name: NodeJS.Signals): boolean => {
    try {
      return process.kill(-pid, name);
    } catch {
      return false;
    }
  };
  return {
    child,
    ended: () => ended,
    logTail: async () => (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-TAIL_LINES).join('\n'),
    pause: () => void signal('SIGSTOP'),
    resume: () => void signal('SIGCONT'),
    close: async () => {
      signal('SIGTERM');
      // A stopped process gets its signals when it goes on.
      signal('SIGCONT');
      const exit = ended === undefined ? once(child, 'exit') : Promise.resolve();
      await Promise.race([exit, sleep(TERM_GRACE_MS, undefined, { ref: false })]);
      signal('SIGKILL');
      await exit;
      guard.kill('SIGKILL');
    },
  };
}

/** A shell that reads a pipe from us: it closes however this process ends, and the shell then ends the group. */
function endWithParent(pid: number): ChildProcess {
  const script = 'read -r _; kill -s TERM -- "-$0"; kill -s CONT -- "-$0"; sleep 5; kill -s KILL -- "-$0"';
  return spawn('/bin/sh', ['-c', script, String(pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
}
