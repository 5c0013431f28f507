import { Command, CommanderError } from 'commander';
import { PermanentError } from '../dag/permanent-error.js';
import { configCommand } from './config-command.js';
import { demoCommand } from './demo-command.js';
import { deployCommand } from './deploy-command.js';
import { devCommand } from './dev-command.js';
import { graphCommand } from './graph-command.js';
import { neighboursCommand } from './neighbours-command.js';
import { operatorCommands } from './operator-commands.js';
import { runCommand } from './run-command.js';
import { showCommand } from './show-command.js';
import { statusCommand } from './status-command.js';
import { workerCommand } from './worker-command.js';

// Read when the first S3 client is made: the SDK's notice to its developers about Node 20 is not for our users.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const program = new Command('segmenta')
  .description('Runs DAGs on Temporal: customer segments from card transactions, for any date.')
  .option('--config <file>', 'the configuration (default: $SEGMENTA_CONFIG, else segmenta.yaml)')
  .showHelpAfterError('(--help says more)')
  .configureHelp({ showGlobalOptions: true })
  .addCommand(runCommand())
  .addCommand(statusCommand())
  .addCommand(showCommand())
  .addCommand(neighboursCommand())
  .addCommand(graphCommand())
  .addCommand(configCommand())
  .addCommand(devCommand())
  .addCommand(workerCommand())
  .addCommand(deployCommand())
  .addCommand(demoCommand());

for (const command of operatorCommands()) program.addCommand(command);

// A reader that closes its end (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    // What the user can mend needs no stack; anything else is a bug or the outside world, where it may help.
    const name = error instanceof PermanentError ? `${error.name}: ` : '';
    console.error(`${name}${error instanceof Error ? error.message : String(error)}`);
    if (process.env.SEGMENTA_DEBUG !== undefined && error instanceof Error) console.error(error.stack);
  }
  process.exitCode = 1;
}
