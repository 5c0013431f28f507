import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.js';
import type { Config } from '../config/load-config.js';

/** The configuration that `--config` names, before or after the command's name, or the usual one. */
export const commandConfig = async (command: Command): Promise<Config> =>
  loadConfig({
    file: command.optsWithGlobals<{ readonly config?: string }>().config,
    cwd: process.cwd(),
    env: process.env,
  });
