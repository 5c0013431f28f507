import { createInterface } from 'node:readline';

/** What came of a run: small values, and paths of files for the large ones. */
export type Figures = { readonly [name: string]: unknown };

/** One case, ready to be run again and again. */
export interface Side<Result> {
  /** What a run needs anew each time; not timed. */
  before?(): Promise<void>;
  run(): Promise<Result>;
  tell(result: Result): Promise<Figures>;
  /** Where the work is done by another process: that one, to be looked at for its memory. */
  pid?(): number;
}

interface Order {
  readonly settings?: unknown;
  readonly do?: 'run' | 'tell';
}

/** Makes this process one that the bench talks to, in the words of `driver.py`. */
export async function drive<Result>(prepare: (settings: unknown) => Promise<Side<Result>>): Promise<void> {
  const answer = (said: object): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
  let side: Side<Result> | undefined;
  let last: { readonly result: Result } | undefined;
  answer({});
  for await (const line of createInterface({ input: process.stdin })) {
    // The bench's own words.
    const order = JSON.parse(line) as Order;
    if (order.settings !== undefined) {
      side = await prepare(order.settings);
      answer({});
    } else if (side === undefined) throw new Error(`Expected settings first, got ${line}`);
    else if (order.do === 'run') {
      await side.before?.();
      const started = performance.now();
      const result = await side.run();
      const seconds = (performance.now() - started) / 1000;
      last = { result };
      answer({ seconds, pid: side.pid?.() });
    } else if (last !== undefined) answer(await side.tell(last.result));
    else throw new Error('Expected a run before its figures are told');
  }
}
