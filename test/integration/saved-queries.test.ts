// Every query that the documentation gives for Temporal UI, asked of a real server that has runs of each kind.
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PermanentError } from '../../dag/permanent-error.js';
import type { RunOptions } from '../../workflows/run-options.js';
import { startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';

/** Runs by what the test calls them: which DAG and date, what started them, and what becomes of their only task. */
const RUNS = {
  ordinary: { dag: 'ventas', fecha: '2026-11-16', task: 'gives' },
  failed: {
    dag: 'ventas',
    fecha: '2026-11-23',
    task: 'fails',
    options: { origin: { kind: 'scheduled', schedule: 'daily' } },
  },
  past: {
    dag: 'segmentation',
    fecha: '2017-07-03',
    task: 'gives',
    options: { origin: { kind: 'backfill', backfill: 'segmentation/2017' } },
  },
  pastFailed: {
    dag: 'segmentation',
    fecha: '2017-12-25',
    task: 'fails',
    options: { origin: { kind: 'backfill', backfill: 'segmentation/2017' } },
  },
  held: {
    dag: 'segmentation',
    fecha: '2018-01-01',
    task: 'fails',
    options: { hold: true, origin: { kind: 'scheduled', schedule: 'weekly' } },
  },
  atWork: { dag: 'segmentation', fecha: '2018-01-08', task: 'waits' },
} as const satisfies {
  readonly [name: string]: {
    readonly dag: string;
    readonly fecha: string;
    readonly task: 'gives' | 'fails' | 'waits';
    readonly options?: RunOptions;
  };
};

type Name = keyof typeof RUNS;

/** What each query of the README, and of the pages about runs, finds. */
const FOUND: { readonly [query: string]: readonly Name[] } = {
  "Dag = 'ventas'": ['ordinary', 'failed'],
  "FechaModelo = '2026-11-16'": ['ordinary'],
  "FailedTask = 'readSales'": ['failed'],
  "Dag = 'segmentation' AND FechaModelo BETWEEN '2017-01-01' AND '2017-12-31'": ['past', 'pastFailed'],
  "Dag = 'segmentation' AND ExecutionStatus = 'Running'": ['held', 'atWork'],
  "FailedTask IS NOT NULL AND ExecutionStatus = 'Running'": ['held'],
  "FailedTask IS NOT NULL AND ExecutionStatus = 'Failed'": ['failed', 'pastFailed'],
  "RunKind = 'scheduled' AND ExecutionStatus != 'Completed'": ['failed', 'held'],
  "BackfillId = 'segmentation/2017' AND FechaModelo IS NOT NULL AND ExecutionStatus = 'Failed'": ['pastFailed'],
};

const OURS = ['README.md', 'docs/records.md', 'docs/operating-a-run.md'];

const QUERY =
  /`((?:Dag|FechaModelo|RunKind|BackfillId|FailedTask|ExecutionStatus|Temporal\w+) (?:=|!=|IS|IN|BETWEEN|between)[^`]*)`/g;

const queriesIn = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(QUERY)].map(([, query = '']) => query);

const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((page) =>
  page.endsWith('.md'),
);

describe('the saved queries', () => {
  let worker: ContractWorker;
  const handles = new Map<string, WorkflowHandle>();

  beforeAll(async () => {
    const work = async ({ fecha }: { readonly fecha: string }, signal: AbortSignal): Promise<string> => {
      const task = Object.values(RUNS).find((run) => run.fecha === fecha)?.task;
      if (task === 'fails') throw new PermanentError('as it was told');
      if (task === 'waits')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
      return fecha;
    };
    const definition = {
      version: 1,
      cache: 'never',
      run: async (input: unknown, context: { readonly signal: AbortSignal; progress(detail: object): void }) => {
        const beats = setInterval(() => context.progress({}), 1_000);
        // The DAGs of this test give their tasks a date alone.
        const output = work(input as { readonly fecha: string }, context.signal);
        return { output: await output.finally(() => clearInterval(beats)), note: '' };
      },
    } as const;
    worker = await startContractWorker({
      address: inject('temporalAddress'),
      definitions: { readSales: definition, fitClusters: definition },
      workflows: 'dist/test/support/saved-query-workflows.js',
    });
    for (const [name, { dag, fecha, ...run }] of Object.entries(RUNS)) {
      const handle = await worker.client.workflow.start(dag, {
        taskQueue: worker.taskQueue,
        // Not by their date: other tests share the server.
        workflowId: `saved-query/${randomUUID()}`,
        args: 'options' in run ? [{ fecha }, run.options] : [{ fecha }],
      });
      handles.set(name, handle);
    }
    const ending = Object.entries(RUNS).filter(([name]) => name !== 'held' && name !== 'atWork');
    await Promise.allSettled(ending.map(async ([name]) => handles.get(name)?.result()));
  });

  afterAll(async () => {
    await Promise.all([...handles.values()].map(async (handle) => handle.terminate().catch(() => undefined)));
    await worker.close();
  });

  /** Of the runs of this test. */
  async function found(query: string): Promise<string[]> {
    const ids = new Set<string>();
    for await (const { workflowId } of worker.client.workflow.list({ query })) ids.add(workflowId);
    return [...handles].filter(([, handle]) => ids.has(handle.workflowId)).map(([name]) => name);
  }

  it('of the README and of the pages about runs are all known to this test', () => {
    expect([...new Set(OURS.flatMap(queriesIn))].toSorted()).toEqual(Object.keys(FOUND).toSorted());
  });

  it.each(Object.entries(FOUND))('%s finds %s', async (query, expected) => {
    // The server's list follows its runs at some distance.
    await expect.poll(async () => found(query), { timeout: 60_000, interval: 200 }).toEqual(expected);
  });

  const others = [...new Set(pages.filter((page) => !OURS.includes(page)).flatMap(queriesIn))];
  it.each(others.filter((query) => FOUND[query] === undefined))('of the other pages: %s is one', async (query) => {
    expect(await found(query)).toBeInstanceOf(Array);
  });
});
