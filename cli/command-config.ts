import type { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { loadConfig } from '../config/load-config.js';
import type { Config } from '../config/load-config.js';
import { DAGS } from '../workflows/dags.js';

/** The configuration that `--config` names, before or after the command's name, or the usual one. */
export async function commandConfig(command: Command): Promise<Config> {
  const { config: file } = command.optsWithGlobals<{ readonly config?: string }>();
  const config = await loadConfig({ file, cwd: process.cwd(), env: process.env });
  const unknown = Object.keys(config.dags).find((id) => !Object.hasOwn(DAGS, id));
  if (unknown === undefined) return config;
  throw new BadConfig(`${config.file}: dags.${unknown}: Expected one of the DAGs (${Object.keys(DAGS).join(', ')})`);
}

/** The arguments that give another process this configuration. */
export const configArguments = ({ file }: Config): string[] => (file === undefined ? [] : ['--config', file]);
