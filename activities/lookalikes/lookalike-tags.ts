import { z } from 'zod';
import type { Artifact } from '../../dag/artifact.js';
import { artifactSchema } from '../artifact-schema.js';
import type { CleanedCustomers, LookalikeIndex, ScaledCustomers } from './handles.js';

/** The artifacts behind the lookalikes of a published date. */
export interface LookalikeArtifacts extends LookalikeIndex {
  readonly scaler: ScaledCustomers['scaler'];
  readonly customers: CleanedCustomers['customers'];
}

const lookalikeArtifacts = z.object({
  index: artifactSchema('lookalike_index'),
  graph: artifactSchema('lookalike_graph').nullable(),
  pairs: artifactSchema('lookalike_pairs'),
  scaler: artifactSchema('customers_scaler'),
  customers: artifactSchema('customers_clean'),
});

/** How a reader of the log finds the index that belongs to a partition of `clientes_limpios`: the partition's tags. */
export const lookalikeTags = ({
  index,
  graph,
  pairs,
  scaler,
  customers,
}: LookalikeArtifacts): { [tag: string]: string } => ({
  lookalikeIndex: JSON.stringify({
    index: bare(index),
    graph: graph === null ? null : withRecall(graph),
    pairs: bare(pairs),
    scaler: bare(scaler),
    customers: bare(customers),
  }),
});

/** What a partition's tags say of its index; undefined where it was published without one. */
export function taggedLookalikes(tags: { readonly [tag: string]: string }): LookalikeArtifacts | undefined {
  const said = tags['lookalikeIndex'];
  return said === undefined ? undefined : lookalikeArtifacts.parse(JSON.parse(said));
}

/** Reports and schemas are for people who look at a run; every reader of the log would carry them. */
const bare = <Kind extends string>({ kind, uri, sha256, bytes, rows }: Artifact<Kind>): Artifact<Kind> => ({
  kind,
  uri,
  sha256,
  bytes,
  rows,
  schema: [],
});

/** But for what says how good the answers are. */
const withRecall = <Kind extends string>(graph: Artifact<Kind>): Artifact<Kind> => ({
  ...bare(graph),
  ...(graph.report === undefined ? {} : { report: graph.report }),
});
