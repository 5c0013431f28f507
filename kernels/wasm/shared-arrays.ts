/**
 * Typed arrays beside each other on one memory that WebAssembly and every thread sees. A kernel is given the places of
 * its arrays; what it writes is there for all.
 */

type View<A> = (memory: SharedArrayBuffer, offset: number, length: number) => A;

const types = {
  f32: { bytes: 4, view: ((...of) => new Float32Array(...of)) as View<Float32Array> },
  f64: { bytes: 8, view: ((...of) => new Float64Array(...of)) as View<Float64Array> },
  i16: { bytes: 2, view: ((...of) => new Int16Array(...of)) as View<Int16Array> },
  i32: { bytes: 4, view: ((...of) => new Int32Array(...of)) as View<Int32Array> },
};

export type ArrayType = keyof typeof types;
type ArrayOf<T extends ArrayType> = ReturnType<(typeof types)[T]['view']>;

/** What is asked for: of each array its type and how many values it has. */
export type Wanted = Readonly<Record<string, readonly [type: ArrayType, length: number]>>;

/** Where arrays lie in a memory, in bytes. Plain data: it can be posted to threads. */
export type Places<W extends Wanted> = {
  readonly [N in keyof W]: { readonly type: W[N][0]; readonly offset: number; readonly length: number };
};

/** The values of arrays, all of them on the same memory. */
export type Views<W extends Wanted> = { readonly [N in keyof W]: ArrayOf<W[N][0]> };

const PAGE = 65_536;

/** What compiled code may keep for itself at the start of the memory. */
const RESERVED = 4096;

/** A memory that is planned first, array by array, and then made as large as they are. */
export function planMemory(): {
  place<const W extends Wanted>(wanted: W): Places<W>;
  /** The memory, all 0. Throws RangeError where the arrays do not fit into the 4 GiB that WebAssembly can address. */
  allocate(): WebAssembly.Memory;
} {
  let end = RESERVED;
  return {
    place<const W extends Wanted>(wanted: W) {
      const places = Object.entries(wanted).map(([name, [type, length]]) => {
        // No two arrays share a cache line.
        const offset = Math.ceil(end / 64) * 64;
        end = offset + length * types[type].bytes;
        return [name, { type, offset, length }];
      });
      // The names and types of `wanted`, which `fromEntries` forgets.
      return Object.fromEntries(places) as Places<W>;
    },
    allocate() {
      const pages = Math.ceil(end / PAGE);
      if (pages > PAGE) throw new RangeError(`Expected arrays of at most 4 GiB in all, got ${end} bytes`);
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    },
  };
}

export function viewArrays<W extends Wanted>(memory: WebAssembly.Memory, places: Places<W>): Views<W> {
  const entries: [string, { type: ArrayType; offset: number; length: number }][] = Object.entries(places);
  const views = entries.map(([name, { type, offset, length }]) => [
    name,
    types[type].view(memory.buffer, offset, length),
  ]);
  // Every name of `places` has its array.
  return Object.fromEntries(views) as Views<W>;
}
