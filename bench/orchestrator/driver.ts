import { createInterface } from 'node:readline';
import { startProcessGroup } from './process-group.js';
import type { GroupCommand, ProcessGroup } from './process-group.js';

/** A process that does what it is told in a line of its standard input, and answers with a line when that is done. */
export interface Driver {
  /** Resolves once it has answered; rejects with the end of its log where it ends instead. */
  tell(line: string): Promise<void>;
  /** As `tell`; gives its answer. */
  ask(line: string): Promise<string>;
  readonly group: ProcessGroup;
}

/** Starts a driver and waits for its first line, with which it says that it is ready. */
export async function startDriver(command: GroupCommand): Promise<Driver> {
  const group = await startProcessGroup({ ...command, talks: true });
  const { stdin, stdout } = group.child;
  // `talks` made both of them pipes.
  if (stdin === null || stdout === null) throw new Error('Expected pipes to a driver, got none');
  // Written to after its end: that it ended is told by the missing answer.
  stdin.on('error', () => undefined);
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const next = await answers.next();
    if (next.done !== true) return next.value;
    throw new Error(`${[command.command, ...command.args].join(' ')} ended:\n${await group.logTail()}`);
  };
  await answer();
  const ask = async (line: string): Promise<string> => {
    stdin.write(`${line}\n`);
    return answer();
  };
  return {
    group,
    tell: async (line) => void (await ask(line)),
    ask,
  };
}
