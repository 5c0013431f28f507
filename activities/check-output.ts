import { createHash } from 'node:crypto';
import { artifactsIn } from '../dag/artifact.js';
import { PermanentError } from '../dag/permanent-error.js';
import { reasonOf } from '../dag/schema-issues.js';
import { artifactExists, storedSha256 } from '../lake/artifact-store.js';
import { keepReferenced, lastSighting } from '../lake/keep-objects.js';
import { namesArtifacts } from '../lake/named-keys.js';
import type { ObjectStore } from '../lake/object-store.js';
import { writeClaim } from '../lake/run-records.js';
import type { ActivityDefinition } from './define-activity.js';

/** What an operator gives as a task's output is not one. */
export class BadOutput extends PermanentError {
  override readonly name = 'BadOutput';
}

export interface GivenOutput {
  readonly activity: string;
  /** The output of a map is the list of what its activity gives. */
  readonly ofMap: boolean;
  readonly output: unknown;
}

/**
 * An output that an operator gives in the place of a task's own, checked: it has the type that the activity declares, and
 * every artifact it names is in the lake with the bytes that its hash says, and stays there: it is claimed for the run
 * whose records lie in `record`.
 */
export async function checkOutput(
  store: ObjectStore,
  definitions: { readonly [name: string]: ActivityDefinition<never, unknown> },
  { activity, ofMap, output }: GivenOutput,
  record?: string,
): Promise<unknown> {
  const sighting = await lastSighting(store);
  const definition = definitions[activity];
  if (definition?.output === undefined) {
    throw new BadOutput(
      `Expected ${activity} to declare the type of its output, so that one can be given: it does not`,
    );
  }
  if (definition.cache === 'never')
    throw new BadOutput(`${activity} has an effect: it has to be run, it cannot be said`);
  const { output: schema } = definition;
  if (ofMap && !Array.isArray(output)) throw new BadOutput(`Expected a list of outputs of ${activity}, one an item`);
  const parsed =
    Array.isArray(output) && ofMap
      ? output.map((item, i) => parseOutput(schema, `${activity}, item ${i}`, item))
      : parseOutput(schema, activity, output);
  for (const artifact of artifactsIn(parsed)) {
    const found = (await artifactExists(store, artifact)) ? await storedSha256(store, artifact) : undefined;
    if (found === artifact.sha256) continue;
    const got = found === undefined ? 'none of that size' : `one with ${found}`;
    throw new BadOutput(
      `Expected an object with the SHA-256 ${artifact.sha256} at '${artifact.uri}' in lake ${store.url}, got ${got}`,
    );
  }
  if (record !== undefined && namesArtifacts(parsed)) {
    const name = createHash('sha256').update(JSON.stringify(parsed)).digest('hex');
    await writeClaim(store, record, `given/${name}`, parsed);
    await keepReferenced(store, parsed, sighting);
  }
  return parsed;
}

function parseOutput(
  schema: NonNullable<ActivityDefinition<never, unknown>['output']>,
  activity: string,
  output: unknown,
): unknown {
  try {
    return schema.parse(output);
  } catch (error) {
    throw new BadOutput(`Expected an output of ${activity}: ${reasonOf(error)}`, { cause: error });
  }
}
