import { customerSource } from '../customers/customer-source.js';
import { takesParam } from '../dag/dag.js';
import type { Dag } from '../dag/dag.js';
import { sourceDefinition } from '../lake/source-definition.js';
import { isCustomerSource } from './any-source.js';
import type { AnySource } from './any-source.js';
import { BadConfig } from './bad-config.js';
import type { Config } from './load-config.js';

type Kind = 'events' | 'customers' | 'any';

/** As an error says it: one, several, and how they are told. */
const WORDS: { readonly [K in Kind]: { readonly one: string; readonly several: string; readonly by: string } } = {
  events: { one: 'source of events', several: 'sources of events', by: ' (one with `select`)' },
  customers: { one: 'customer table', several: 'customer tables', by: ' (a source with `columns`)' },
  any: { one: 'source', several: 'sources', by: '' },
};

/** Which sources a DAG can read, by the schema of its parameter `source`. */
function wantedKind({ params }: Dag): Kind {
  const schema = params.shape !== undefined && 'source' in params.shape ? params.shape.source : undefined;
  if (schema === customerSource) return 'customers';
  return schema === sourceDefinition ? 'events' : 'any';
}

const kindOf = (source: AnySource): Kind => (isCustomerSource(source) ? 'customers' : 'events');

/** The names of the sources that the DAG can read. */
function readableBy(config: Config, dag: Dag): readonly string[] {
  const wanted = wantedKind(dag);
  return Object.entries(config.sources).flatMap(([name, source]) =>
    wanted === 'any' || kindOf(source) === wanted ? [name] : [],
  );
}

/**
 * What the configuration lacks for this DAG, which it does not speak of either, for people: `no customer table`. A
 * configuration is for the DAGs that its sources are for.
 */
export function notMeantFor(config: Config, dag: Dag): string | undefined {
  const isMeant = Object.hasOwn(config.dags, dag.id) || Object.keys(config.sources).length === 0;
  if (isMeant || !takesParam(dag, 'source') || readableBy(config, dag).length > 0) return undefined;
  return `no ${WORDS[wantedKind(dag)].one}`;
}

/**
 * The source of a run: the one of this name, or the only one of the kind that the DAG reads. Throws a `BadConfig` where
 * there is none. `saidBy` is where the name stands, or would stand.
 */
export function dagSource(config: Config, dag: Dag, saidBy: string, said: unknown): AnySource {
  const { one, several, by } = WORDS[wantedKind(dag)];
  const all = Object.keys(config.sources);
  const names = readableBy(config, dag);
  if (names.length === 0) {
    throw new BadConfig(
      `${config.file ?? 'no segmenta.yaml here'}: sources: ${dag.id}: Expected at least one ${one}${by}, got ` +
        `${all.length === 0 ? 'none' : `others (${all.join(', ')})`}: ` +
        'write one, or name a configuration with --config (configs/ has ready ones)',
    );
  }
  const name = said ?? (names.length === 1 ? names[0] : undefined);
  const source = typeof name === 'string' && names.includes(name) ? config.sources[name] : undefined;
  if (source !== undefined) return source;
  throw new BadConfig(`${saidBy}: Expected one of the ${several} (${names.join(', ')}), got ${gotName(config, name)}`);
}

function gotName({ sources }: Config, name: unknown): string {
  if (name === undefined) return 'none, and there are several';
  if (typeof name !== 'string') return `'${JSON.stringify(name)}'`;
  const other = Object.hasOwn(sources, name) ? sources[name] : undefined;
  return other === undefined ? `'${name}'` : `'${name}', a ${WORDS[kindOf(other)].one}`;
}
