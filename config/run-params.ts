import { parse } from 'yaml';
import { z } from 'zod';
import { takesParam } from '../dag/dag.js';
import type { Dag } from '../dag/dag.js';
import { snapshotRefusal } from '../lake/source-definition.js';
import { BadConfig, badConfig } from './bad-config.js';
import { dagSource } from './dag-source.js';
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
  return checkedParams(config, dag, fecha, {
    params: parseAssignments(said),
    what: `parameters of ${dag.id}`,
    sourceIn: '--param source',
  });
}

/** Parameters that go above the configuration's, and what an error says of where they are. */
interface SaidParams {
  readonly params: { readonly [name: string]: unknown };
  readonly what: string;
  readonly sourceIn: string;
}

/** What is checked does not depend on the date, but for sources that are snapshots from a date on. */
export const SOME_DATE = '9999-12-31';

/** The parameters of the runs of a schedule, but for their date. */
export function scheduleParams(config: Config, name: string, dag: Dag): { readonly [name: string]: unknown } {
  const key = `${config.file}: schedules.${name}`;
  const { fecha: _any, ...rest } = checkedParams<unknown>(config, dag, SOME_DATE, {
    params: config.schedules[name]?.params ?? {},
    what: `${key}: parameters of ${dag.id}`,
    sourceIn: `${key}.params.source`,
  });
  return rest;
}

function checkedParams<Params>(
  config: Config,
  dag: Dag<Params>,
  fecha: string,
  said: SaidParams,
): Params & { readonly fecha: string } {
  const zone = takesParam(dag, 'timeZone') ? { timeZone: config.timeZone } : {};
  const given: { readonly [name: string]: unknown } = { ...zone, ...config.dags[dag.id], ...said.params, fecha };
  const saidBy = Object.hasOwn(said.params, 'source') ? said.sourceIn : `${config.file}: dags.${dag.id}.source`;
  const source = takesParam(dag, 'source') ? dagSource(config, dag, saidBy, given.source) : undefined;
  const refused = source === undefined ? undefined : snapshotRefusal(source, fecha);
  if (refused !== undefined) throw new BadConfig(`${said.what}: fecha: ${refused}`);
  const params = source === undefined ? given : { ...given, source };
  try {
    // Every DAG that is run by date has it as a parameter.
    return dag.params.parse(params) as Params & { readonly fecha: string };
  } catch (error) {
    if (error instanceof z.ZodError) throw badConfig(said.what, error);
    throw error;
  }
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
