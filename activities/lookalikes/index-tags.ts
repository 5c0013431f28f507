import type { Artifact } from '../../dag/artifact.js';
import type { CleanedCustomers, EncodedCustomers, LookalikeIndex, ScaledCustomers } from './handles.js';

/** What belongs to a partition of `clientes_limpios`: to look up a customer's neighbours takes all of it. */
export interface IndexOfCustomers extends LookalikeIndex {
  readonly customers: CleanedCustomers['customers'];
  readonly encoding: EncodedCustomers['encoding'];
  readonly scaler: ScaledCustomers['scaler'];
}

/** How a reader of the log finds it: handles as JSON, by name. */
export function indexTags({ index, graph, customers, encoding, scaler }: IndexOfCustomers): {
  readonly [tag: string]: string;
} {
  const said = (artifact: Artifact): string => JSON.stringify({ ...artifact, report: undefined });
  return {
    lookalikeIndex: said(index),
    ...(graph === null ? {} : { lookalikeGraph: said(graph) }),
    customersClean: said(customers),
    customersEncoding: said(encoding),
    customersScaler: said(scaler),
  };
}
