import { z } from 'zod';
import { pipeline } from '../../dag/pipeline.js';

// A DAG as one build has it, and as the next one does.

const params = z.strictObject({});

/** Every task gives the build whose worker ran it. */
export type DeployedActivities = {
  readonly begin: (input: object) => Promise<string>;
  readonly middle: (input: { readonly after: string }) => Promise<string>;
  readonly end: (input: object) => Promise<string>;
  readonly press: (input: object) => Promise<string>;
};

const { task, signal, dag } = pipeline<DeployedActivities, z.infer<typeof params>>();

const go = (after: Parameters<typeof signal>[2]) => signal('go', z.strictObject({}), after);

const begin = task('begin', {});
const middle = task('middle', { after: begin }, { after: [go({ after: [begin] })], queue: 'compute' });

/** begin -> a signal -> middle, on the other queue -> end. */
export const longDag = dag('deployed', { begin, middle, end: task('end', {}, { after: [middle] }) }, params);

/** A signal -> end. */
export const shortDag = dag('deployed', { end: task('end', {}, { after: [go({})] }) }, params);

/** One task, which holds the slot of a pool. */
export const pressDag = dag('press', { press: task('press', {}, { pool: 'deployed' }) }, params);
