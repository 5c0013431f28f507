import { join } from 'node:path';
import type { Artifact, Json } from '../../dag/artifact.js';
import { ingestCustomers } from '../../activities/lookalikes/ingest-customers.js';
import type { IngestedCustomers } from '../../activities/lookalikes/handles.js';
import { runActivity } from '../../activities/run-activity.js';
import { customerSource } from '../../customers/customer-source.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';

export interface Ingest {
  /** Where the lake and the caches lie. */
  readonly folder: string;
  /** Of the source: path, columns, … */
  readonly source: object;
  readonly threads?: number;
  readonly memory?: string;
  readonly signal?: AbortSignal;
  heartbeat?(detail: { readonly [what: string]: Json }): void;
}

export interface IngestedFile {
  readonly raw: Artifact<'customers_raw'>;
  readonly cached: boolean;
  readonly note: string;
  /** A local path of the artifact. */
  readonly path: string;
}

/** Runs `ingestCustomers` in this process, as a worker does. */
export async function ingest({ folder, source, threads = 2, memory = '1GB', ...more }: Ingest): Promise<IngestedFile> {
  const lake = join(folder, 'lake');
  const kernels = new KernelThreads({ threads: 1 });
  try {
    const { output, cached, note } = await runActivity(
      ingestCustomers,
      {
        store: openStore(`file://${lake}`),
        cacheFolder: join(folder, 'cache'),
        threads: kernels,
        queryThreads: threads,
        queryMemory: memory,
      },
      {
        task: 'ingestCustomers',
        run: 'lookalikes/2024-03-01',
        record: 'runs/lookalikes/2024-03-01/test',
        mode: 'by-content',
        attempt: 1,
        signal: more.signal ?? new AbortController().signal,
        heartbeat: more.heartbeat ?? (() => undefined),
      },
      { source: customerSource.parse({ name: 'clientes', ...source }) },
    );
    // What the definition gives.
    const { raw } = output as IngestedCustomers;
    return { raw, cached, note: note ?? '', path: join(lake, raw.uri) };
  } finally {
    await kernels.close();
  }
}
