import { parentPort } from 'node:worker_threads';
import { kernelsOn } from '../../kernels/wasm/compiled-kernels.js';
import { planMemory, viewArrays } from '../../kernels/wasm/shared-arrays.js';

/** Larger than what the cores have for themselves. */
const BYTES = 128 * 2 ** 20;
const TIMES = 2 ** 20;
/** Products of one step of `multiplyAdd16`. */
const PRODUCTS = 64;
const SECONDS = 1;

const plan = planMemory();
const places = plan.place({ values: ['i32', BYTES / 4] });
const memory = plan.allocate();
// Pages that nobody wrote to are all one page.
viewArrays(memory, places).values.fill(1);
const kernels = kernelsOn(memory);

/** How often a second `work` is done, once compiled to the full. */
function rateOf(work: () => void): number {
  for (let i = 0; i < 20; i++) work();
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < SECONDS * 1000) {
    work();
    done++;
  }
  return (done * 1000) / (performance.now() - start);
}

// All threads do the same at about the same time: they share the memory, not the arithmetic.
const bytes = BYTES * rateOf(() => void kernels.readThrough(places.values.offset, places.values.offset + BYTES));
const multiplyAdds = TIMES * PRODUCTS * rateOf(() => void kernels.multiplyAdd16(TIMES));
parentPort?.postMessage({ bytes, multiplyAdds }, []);
