import type { Command } from 'commander';

type Load = () => Promise<readonly Command[]>;

const operators: Load = async () => (await import('./operator-commands.js')).operatorCommands();

/** Every command, in the order of the help, and how it is loaded: most of a short command's time is loading libraries. */
const COMMANDS: { readonly [name: string]: Load } = {
  run: async () => [(await import('./run-command.js')).runCommand()],
  status: async () => [(await import('./status-command.js')).statusCommand()],
  pause: operators,
  resume: operators,
  cancel: operators,
  retry: operators,
  skip: operators,
  succeed: operators,
  signal: operators,
  release: operators,
  runs: async () => [(await import('./runs-command.js')).runsCommand()],
  partitions: async () => [(await import('./partitions-command.js')).partitionsCommand()],
  explain: async () => [(await import('./explain-command.js')).explainCommand()],
  schedule: async () => [(await import('./schedule-command.js')).scheduleCommand()],
  backfill: async () => [(await import('./backfill-command.js')).backfillCommand()],
  backfills: async () => [(await import('./backfills-command.js')).backfillsCommand()],
  show: async () => [(await import('./show-command.js')).showCommand()],
  history: async () => [(await import('./history-command.js')).historyCommand()],
  revert: async () => [(await import('./revert-command.js')).revertCommand()],
  gc: async () => [(await import('./gc-command.js')).gcCommand()],
  neighbours: async () => [(await import('./neighbours-command.js')).neighboursCommand()],
  audience: async () => [(await import('./audience-command.js')).audienceCommand()],
  lookalikes: async () => [(await import('./lookalikes-command.js')).lookalikesCommand()],
  graph: async () => [(await import('./graph-command.js')).graphCommand()],
  config: async () => [(await import('./config-command.js')).configCommand()],
  dev: async () => [(await import('./dev-command.js')).devCommand()],
  worker: async () => [(await import('./worker-command.js')).workerCommand()],
  deploy: async () => [(await import('./deploy-command.js')).deployCommand()],
  demo: async () => [(await import('./demo-command.js')).demoCommand()],
};

/** The command that the first argument names, with those it comes with; all of them where it names none. */
export async function loadCommands(first: string | undefined): Promise<readonly Command[]> {
  const named = first !== undefined && Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  const loads = named === undefined ? [...new Set(Object.values(COMMANDS))] : [named];
  return (await Promise.all(loads.map(async (load) => load()))).flat();
}
