import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly cwd?: string;
}

/**
 * Runs a command to its end and returns what it printed.
 * Rejects with its last words where it fails, is missing, or takes too long; the caller says which command it was.
 */
export const runCommand = (command: string, args: readonly string[], options: CommandOptions): Promise<string> =>
  new Promise((resolve, reject) => {
    const { env, timeoutMs, cwd } = options;
    execFile(
      command,
      args,
      // SIGKILL: a program may keep SIGTERM for a shutdown of its own, which may hang like the rest of it.
      {
        env,
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        ...(cwd === undefined ? {} : { cwd }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(reasonOf(error, stderr, timeoutMs), { cause: error }));
      },
    );
  });

function reasonOf(error: { killed?: boolean; code?: unknown }, stderr: string, timeoutMs: number): string {
  if (error.code === 'ENOENT') return 'not installed';
  if (error.killed === true) return `no end after ${timeoutMs / 1000} s`;
  const said = stderr.trim().split('\n').slice(-3).join(' | ');
  return said === '' ? `failed (${String(error.code)})` : said;
}
