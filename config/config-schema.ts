import { z } from 'zod';
import { timeZone } from '../dag/time-zone.js';
import { anyUnnamedSource } from './any-source.js';
import { callbackSchema } from './callbacks.js';
import { listenAddress } from './listen-address.js';
import { keepSchema } from './keep.js';
import { scheduleName, scheduleSchema } from './schedules.js';

/** The amount of memory in DuckDB's notation. */
export const memorySize = z.string().regex(/^\d+(\.\d+)? ?[KMGT]i?B$/i, { error: "Expected a size such as '2GB'" });

export const threadCount = z.number().int().min(1);

/** Temporal writes a version as `name:build`, or, where it is older, `name.build`. */
const DEPLOYMENT_PART = /^[^.:]+$/;

/** What `segmenta.yaml` may say. Everything has a default; to run a DAG takes a source. */
export const configSchema = z.strictObject({
  /** Where bytes live: `file:./lake`, relative to this file, or `s3://bucket/prefix`. By default `.segmenta/lake`. */
  lake: z.string().min(1).optional(),
  /** Credentials come from the standard AWS environment variables. */
  s3: z.strictObject({ endpoint: z.url().optional(), region: z.string().optional() }).prefault({}),
  temporal: z
    .strictObject({
      /** `host:port`. Without it, and without TEMPORAL_ADDRESS, the local dev server is meant. */
      address: z.string().optional(),
      namespace: z.string().default('default'),
      /** By default on where there is an API key. */
      tls: z.boolean().optional(),
      apiKey: z.string().optional(),
      taskQueue: z.string().min(1).default('segmenta'),
      /** Where people watch; for links. */
      ui: z.url().optional(),
    })
    .prefault({}),
  /** In which zone a moment is a calendar date. */
  timeZone: timeZone.default('UTC'),
  /** What one worker may use. */
  engine: z
    .strictObject({
      /** Threads for queries, and for kernels; all cores where it is left out. */
      threads: threadCount.optional(),
      /** For each query at work; above it DuckDB spills to disk. */
      memory: memorySize.default('2GB'),
    })
    .prefault({}),
  /** Which code this worker runs, so that runs in flight stay on theirs: docs/deploys.md. */
  worker: z
    .strictObject({
      /** What the builds are builds of. One name for all workers of a task queue. */
      deployment: z
        .string()
        .regex(DEPLOYMENT_PART, { error: 'Expected a name without dots and colons' })
        .default('segmenta'),
      /** Names the code: a release or a commit. Without it workers are not versioned. */
      build: z.string().min(1).optional(),
    })
    .prefault({}),
  sources: z.record(z.string(), anyUnnamedSource).default({}),
  /** Parameters of each DAG's runs, below what the command line says. */
  dags: z.record(z.string(), z.looseObject({ source: z.string().optional() })).default({}),
  /** How many tasks of each pool run at once, over all runs; a pool that is not named here has one slot. */
  pools: z.record(z.string(), z.number().int().min(1)).default({}),
  /** Who is told over HTTP of runs that fail, miss their deadline, or succeed: docs/callbacks.md. */
  callbacks: z.array(callbackSchema).default([]),
  /** Where a worker serves `/metrics` to Prometheus; nowhere where it is left out: docs/metrics.md. */
  metrics: z.strictObject({ listen: listenAddress.optional() }).prefault({}),
  /** What `segmenta gc` leaves alone: docs/keeping.md. */
  keep: keepSchema,
  /** Which DAG runs for which dates, when: docs/schedules.md. */
  schedules: z.record(scheduleName, scheduleSchema).default({}),
});

export type ConfigFile = z.infer<typeof configSchema>;
