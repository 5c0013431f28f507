import { parse } from 'yaml';
import { z } from 'zod';
import type { Dag } from '../dag/dag.js';
import { BadConfig, badConfig } from './bad-config.js';
import type { Config } from './load-config.js';

/**
 * The parameters of one run: the DAG's defaults, over them the configuration's (`dags.<id>`), over those the command
 * line's. The source is named in both and given to the run whole, so that a run does not depend on a file that changes.
 */
export function runParams<Params>(
  config: Config,
  dag: Dag<Params>,
  fecha: string,
  said: readonly string[],
): Params & { readonly fecha: string } {
  const given = { timeZone: config.timeZone, ...config.dags[dag.id], ...parseAssignments(said), fecha };
  const params = { ...given, source: sourceNamed(config, dag.id, given) };
  try {
    // Every DAG that is run by date has it as a parameter.
    return dag.params.parse(params) as Params & { readonly fecha: string };
  } catch (error) {
    if (error instanceof z.ZodError) throw badConfig(`parameters of ${dag.id}`, error);
    throw error;
  }
}

function sourceNamed(config: Config, dag: string, given: { readonly source?: unknown }): unknown {
  const names = Object.keys(config.sources);
  const name = given.source ?? (names.length === 1 ? names[0] : undefined);
  if (typeof name === 'string' && name in config.sources) return config.sources[name];
  throw new BadConfig(
    `${config.file}: dags.${dag}.source: Expected one of the sources (${names.join(', ')}), got ${JSON.stringify(name)}`,
  );
}

/** `k=6` gives the number 6, `log1p=false` a boolean, `k=2..10` a text: values are read as YAML scalars. */
function parseAssignments(said: readonly string[]): { [name: string]: unknown } {
  const values: { [name: string]: unknown } = {};
  for (const assignment of said) {
    const at = assignment.indexOf('=');
    if (at < 1) throw new BadConfig(`--param: Expected name=value, got '${assignment}'`);
    values[assignment.slice(0, at)] = parse(assignment.slice(at + 1)) as unknown;
  }
  return values;
}
