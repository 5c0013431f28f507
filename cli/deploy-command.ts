import { isGrpcServiceError } from '@temporalio/client';
import { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { listBuilds, makeCurrent } from '../infra/worker-builds.js';
import type { Deployment } from '../infra/worker-builds.js';
import { commandConfig } from './command-config.js';
import { operatorName } from './run-request.js';
import { drawTable } from './table.js';
import { connectTemporal } from './temporal-client.js';

/** `segmenta deploy list` and `segmenta deploy current <build>`: docs/deploys.md. */
export const deployCommand = (): Command =>
  new Command('deploy')
    .description('Says which builds of the workers there are, and with which one new runs begin.')
    .addCommand(
      new Command('list')
        .description('The builds: current, draining while runs of theirs go on, drained when their workers can go.')
        .option('--json', 'as JSON')
        .action(async ({ json }: { json?: true }, command: Command) =>
          onDeployment(command, async (deployment) => {
            const builds = await listBuilds(deployment);
            if (json) console.log(JSON.stringify(builds));
            else
              console.log(
                drawTable(
                  ['build', 'status'],
                  builds.map(({ build, status }) => [build, status]),
                ),
              );
          }),
        ),
    )
    .addCommand(
      new Command('current')
        .description('Lets new runs begin with a build, whose workers are up.')
        .argument('<build>', 'as its workers have it: SEGMENTA_BUILD_ID')
        .action(async (build: string, _options: object, command: Command) =>
          onDeployment(command, async (deployment) => {
            await makeCurrent(deployment, build, operatorName());
            console.log(`${deployment.deployment}: new runs begin with build ${build}`);
          }),
        ),
    );

async function onDeployment(command: Command, work: (deployment: Deployment) => Promise<void>): Promise<void> {
  const config = await commandConfig(command);
  const { deployment } = config.worker;
  const temporal = await connectTemporal(config);
  try {
    const { connection } = temporal.client;
    await work({ connection, namespace: config.temporal.namespace, deployment });
  } catch (error) {
    // No such deployment, no worker of that build: the server says which, and what it misses.
    if (isGrpcServiceError(error)) throw new BadConfig(`deployment ${deployment}: ${error.details}`, { cause: error });
    throw error;
  } finally {
    await temporal.close();
  }
}
