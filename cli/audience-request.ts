import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { BadConfig, badConfig } from '../config/bad-config.js';
import { audienceDefinition } from '../customers/audience-definition.js';
import type { AudienceDefinition, CustomerSet } from '../customers/audience-definition.js';
import { BadIds, readIds } from '../customers/audience/read-ids.js';
import { BadCondition, parseCondition } from '../customers/condition.js';

/** What `audience create` is told. */
export interface CreateOptions {
  readonly seeds: readonly string[];
  readonly size?: string;
  readonly reach?: string;
  readonly minSimilarity?: string;
  readonly filter?: string;
  readonly suppress?: readonly string[];
  readonly score?: string;
  readonly minSeeds?: string;
  readonly maxChange?: string;
}

/** The definition that the command line spells. Files are read; whatever is wrong is a `BadConfig` that names the option. */
export async function requestedAudience(name: string, options: CreateOptions): Promise<AudienceDefinition> {
  const { seeds, suppress = [], filter, score } = options;
  if (filter !== undefined) checkCondition('--filter', filter);
  const numbers = {
    size: numberOf('--size', options.size),
    reach: shareOf('--reach', options.reach),
    minSimilarity: shareOf('--min-similarity', options.minSimilarity),
    minSeeds: numberOf('--min-seeds', options.minSeeds),
    maxChange: shareOf('--max-change', options.maxChange),
  };
  const definition = {
    name,
    seeds: await Promise.all(seeds.map(async (given) => customersOf('--seeds', given))),
    ...(suppress.length === 0
      ? {}
      : { suppress: await Promise.all(suppress.map(async (given) => customersOf('--suppress', given))) }),
    ...(filter === undefined ? {} : { filter }),
    ...(score === undefined ? {} : { score }),
    ...Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== undefined)),
  };
  try {
    return audienceDefinition.parse(definition);
  } catch (error) {
    if (error instanceof z.ZodError) throw badConfig(`audience ${name}`, error);
    throw error;
  }
}

/** A file of ids where there is one of that name, else a condition. */
async function customersOf(option: string, given: string): Promise<CustomerSet> {
  const isFile = await stat(given).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return { ids: [...(await idsIn(option, given))] };
  if (!/[=<>]/.test(given)) {
    throw new BadConfig(`${option}: Expected a file of ids, or a condition such as vip_flag=true, got '${given}'`);
  }
  checkCondition(option, given);
  return { where: given };
}

async function idsIn(option: string, file: string): Promise<readonly string[]> {
  const bytes = await readFile(file);
  const said = `${option}: ${file}`;
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    throw new BadConfig(`${said}: Expected a text of ids, got a spreadsheet or archive: save it as csv`);
  }
  try {
    return readIds(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof BadIds) throw new BadConfig(`${said}: ${error.message}`, { cause: error });
    throw new BadConfig(`${said}: Expected text in UTF-8, got other bytes: save it as UTF-8`, { cause: error });
  }
}

function checkCondition(option: string, condition: string): void {
  try {
    parseCondition(condition);
  } catch (error) {
    if (error instanceof BadCondition) throw new BadConfig(`${option}: ${error.message}`, { cause: error });
    throw error;
  }
}

function numberOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (given.trim() === '' || !Number.isFinite(number))
    throw new BadConfig(`${option}: Expected a number, got '${given}'`);
  return number;
}

/** `2%` is 0.02. */
function shareOf(option: string, given: string | undefined): number | undefined {
  const percent = given?.trim().endsWith('%') ?? false;
  const number = numberOf(option, percent ? given?.trim().slice(0, -1) : given);
  return number === undefined || !percent ? number : number / 100;
}
