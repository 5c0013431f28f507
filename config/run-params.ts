import { parse } from 'yaml';
import { z } from 'zod';
import { takesParam } from '../dag/dag.js';
import type { Dag } from '../dag/dag.js';
import { snapshotRefusal } from '../lake/source-definition.js';
import type { SourceDefinition } from '../lake/source-definition.js';
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
  const assigned = parseAssignments(said);
  const zone = takesParam(dag, 'timeZone') ? { timeZone: config.timeZone } : {};
  const given: { readonly [name: string]: unknown } = { ...zone, ...config.dags[dag.id], ...assigned, fecha };
  const saidBy = Object.hasOwn(assigned, 'source') ? '--param source' : `${config.file}: dags.${dag.id}.source`;
  const source = takesParam(dag, 'source') ? sourceNamed(config, saidBy, given) : undefined;
  const refused = source === undefined ? undefined : snapshotRefusal(source, fecha);
  if (refused !== undefined) throw new BadConfig(`parameters of ${dag.id}: fecha: ${refused}`);
  const params = source === undefined ? given : { ...given, source };
  try {
    // Every DAG that is run by date has it as a parameter.
    return dag.params.parse(params) as Params & { readonly fecha: string };
  } catch (error) {
    if (error instanceof z.ZodError) throw badConfig(`parameters of ${dag.id}`, error);
    throw error;
  }
}

function sourceNamed(config: Config, saidBy: string, given: { readonly source?: unknown }): SourceDefinition {
  const names = Object.keys(config.sources);
  if (names.length === 0) {
    throw new BadConfig(
      `${config.file ?? 'no segmenta.yaml here'}: sources: Expected at least one source, got none: ` +
        'write one, or name a configuration with --config (configs/ has ready ones)',
    );
  }
  const name = given.source ?? (names.length === 1 ? names[0] : undefined);
  const source = typeof name === 'string' && names.includes(name) ? config.sources[name] : undefined;
  if (source !== undefined) return source;
  const got =
    name === undefined ? 'none, and there are several' : `'${typeof name === 'string' ? name : JSON.stringify(name)}'`;
  throw new BadConfig(`${saidBy}: Expected one of the sources (${names.join(', ')}), got ${got}`);
}

/** `k=6` gives the number 6, `log1p=false` a boolean, `k=2..10` a text: values are read as YAML. */
function parseAssignments(said: readonly string[]): { readonly [name: string]: unknown } {
  return Object.fromEntries(
    said.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 1) throw new BadConfig(`--param: Expected name=value, got '${assignment}'`);
      const name = assignment.slice(0, at);
      if (name === 'fecha') throw new BadConfig('--param fecha: Expected the date of the run as --fecha');
      return [name, parseValue(name, assignment.slice(at + 1))];
    }),
  );
}

function parseValue(name: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new BadConfig(`--param ${name}: Expected a value in YAML, got '${text}': ${reason}`, { cause: error });
  }
}
