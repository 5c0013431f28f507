// A worker whose first fit of clusters never ends by itself: `node dist/test/support/endless-worker.js --config file`.
// Its threads do the real work, over and over; once it was stopped, all goes on as usual.
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { loadConfig } from '../../config/load-config.js';
import type { KernelInput, KernelName, KernelOutput } from '../../kernels/threads/kernel-registry.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import type { RunKernelOptions } from '../../kernels/threads/kernel-threads.js';
import { startWorker } from '../../worker/start-worker.js';

class EndlessThreads extends KernelThreads {
  #endless = true;

  override async run<N extends KernelName>(
    name: N,
    input: KernelInput<N>,
    options: RunKernelOptions = {},
  ): Promise<KernelOutput<N>> {
    options.signal?.addEventListener('abort', () => (this.#endless = false));
    const more = name === 'fitKMeans' && this.#endless ? { restarts: Number.MAX_SAFE_INTEGER } : {};
    return super.run(name, { ...input, ...more }, options);
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
