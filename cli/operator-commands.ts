import { Command } from 'commander';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { parse } from 'yaml';
import { BadConfig } from '../config/bad-config.js';
import { PermanentError } from '../dag/permanent-error.js';
import { recordFolder } from '../dag/run-record.js';
import { readTaskRecord } from '../lake/run-records.js';
import { operatorUpdate } from '../workflows/operator-updates.js';
import type { OperatorRequest, UpdateName } from '../workflows/operator-updates.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { operatorName } from './run-request.js';
import { connectTemporal } from './temporal-client.js';

/** A run does not take an action: it has ended, or the action does not fit how it stands. */
export class Refused extends PermanentError {
  override readonly name = 'Refused';
}

interface OperatorOptions {
  readonly fecha: string;
  readonly why: string;
  readonly as?: string;
  readonly output?: string;
  readonly outputOf?: string;
  readonly json?: true;
}

interface Action {
  readonly name: UpdateName;
  readonly description: string;
  readonly onTask?: true;
}

const ACTIONS: readonly Action[] = [
  { name: 'pause', description: 'Lets a run start nothing more; what runs goes on.' },
  { name: 'resume', description: 'Lets a paused run go on.' },
  { name: 'cancel', description: 'Stops a run: what runs is told to stop.' },
  { name: 'release', description: 'Lets the held tasks of a run be failures.' },
  { name: 'retry', description: 'Tries a held task again, in its run.', onTask: true },
  { name: 'skip', description: 'Counts a task as skipped.', onTask: true },
];

/** `pause`, `resume`, `cancel`, `release`, `retry`, `skip`, `succeed` and `signal`: what an operator does to a run. */
export function operatorCommands(): Command[] {
  const simple = ACTIONS.map(({ name, description, onTask }) => {
    const command = operatorCommand(name, description);
    if (onTask === undefined) {
      return command.action(async (dag: string, options: OperatorOptions, command: Command) =>
        act(command, dag, options, name, {}),
      );
    }
    return command
      .argument('<task>', 'its id')
      .action(async (dag: string, task: string, options: OperatorOptions, command: Command) =>
        act(command, dag, options, name, { task }),
      );
  });
  return [...simple, succeedCommand(), signalCommand()];
}

const operatorCommand = (name: UpdateName, description: string): Command =>
  new Command(name)
    .description(description)
    .argument('<dag>', 'its id, such as segmentation')
    .requiredOption('--fecha <date>', 'fecha_modelo of the run')
    .requiredOption('--why <reason>', 'kept with the run')
    .option('--as <name>', 'who acts; default: the name of your user')
    .option('--json', 'as JSON');

const succeedCommand = (): Command =>
  operatorCommand('succeed', 'Counts a task as succeeded, with an output that it did not make.')
    .argument('<task>', 'its id')
    .option('--output <json>', 'the output')
    .option('--output-of <run>', 'the output that it had in this earlier run of the date, by its run id')
    .action(async (dag: string, task: string, options: OperatorOptions, command: Command) => {
      const output = await givenOutput(command, dag, task, options);
      await act(command, dag, options, 'succeed', { task, output });
    });

const signalCommand = (): Command =>
  operatorCommand('signal', 'Sends a value to a task that waits for one.')
    .argument('<task>', 'its id')
    .argument('<value>', 'in YAML: a number, a text, {by: ana}')
    .action(async (dag: string, task: string, value: string, options: OperatorOptions, command: Command) =>
      act(command, dag, options, 'signal', { task, value: parse(value) as unknown }),
    );

async function givenOutput(command: Command, id: string, task: string, options: OperatorOptions): Promise<unknown> {
  const { output, outputOf, fecha } = options;
  if ((output === undefined) === (outputOf === undefined)) throw new BadConfig('Expected --output or --output-of');
  if (output !== undefined) {
    try {
      return JSON.parse(output) as unknown;
    } catch (error) {
      throw new BadConfig(`--output: Expected JSON, got '${output}'`, { cause: error });
    }
  }
  const { openStore } = await import('../lake/open-store.js');
  const config = await commandConfig(command);
  const folder = recordFolder(findDag(id).id, fecha, outputOf ?? '');
  const record = await readTaskRecord(openStore(config.lake, config.s3), folder, task);
  if (record === undefined) throw new BadConfig(`--output-of: Expected a result of ${task} in ${folder}, got none`);
  return record.output;
}

async function act(
  command: Command,
  id: string,
  { fecha, why, as: who = operatorName(), json }: OperatorOptions,
  name: UpdateName,
  request: Omit<OperatorRequest, 'who' | 'why'>,
): Promise<void> {
  const dag = findDag(id);
  const temporal = await connectTemporal(await commandConfig(command));
  const run = `${dag.id}/${fecha}`;
  try {
    const handle = temporal.client.workflow.getHandle(run);
    const done = await handle.executeUpdate(operatorUpdate(name), { args: [{ ...request, who, why }] });
    console.log(json ? JSON.stringify({ run, action: done, who, why }) : `${run}: ${done}, by ${who}: ${why}`);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new Refused(`${run}: ${reasonOf(error)}`);
    if (error instanceof WorkflowNotFoundError)
      throw new Refused(`${run} is not running: only a run that goes on can be acted on`);
    throw error;
  } finally {
    await temporal.close();
  }
}

/** Of an output that an activity refused, the activity's own words lie below those of Temporal. */
function reasonOf(error: Error): string {
  const { cause } = error;
  if (cause instanceof Error) return reasonOf(cause);
  const named = error instanceof ApplicationFailure && error.type !== 'Refused' ? `${error.type}: ` : '';
  return `${named}${error.message}`;
}
