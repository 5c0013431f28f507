// A worker whose first fit of clusters never ends by itself: `node dist/test/support/endless-worker.js --config file`.
// Its threads do the real work, over and over; once it was stopped, all goes on as usual.
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { loadConfig } from '../../config/load-config.js';
import type { CrewKernelInput, CrewKernelName, CrewKernelOutput } from '../../kernels/threads/crew-registry.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import type { RunKernelOptions } from '../../kernels/threads/kernel-threads.js';
import { startWorker } from '../../worker/start-worker.js';

class EndlessThreads extends KernelThreads {
  #endless = true;

  override async runCrew<N extends CrewKernelName>(
    name: N,
    input: CrewKernelInput<N>,
    options: RunKernelOptions = {},
  ): Promise<CrewKernelOutput<N>[]> {
    options.signal?.addEventListener('abort', () => (this.#endless = false));
    if (!this.#endless || !('fits' in input)) return super.runCrew(name, input, options);
    const fits = input.fits.map((fit) => ({ ...fit, restarts: Number.MAX_SAFE_INTEGER }));
    return super.runCrew(name, { ...input, fits }, options);
  }
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const { values } = parseArgs({ options: { config: { type: 'string' } } });
const config = await loadConfig({ file: values.config, cwd: process.cwd(), env: process.env });
const worker = await startWorker(config, {
  deps: (deps) => ({ ...deps, threads: new EndlessThreads({ threads: config.engine.threads }) }),
});
process.once('SIGTERM', () => worker.stop());
console.log('worker ready');
await worker.stopped;
