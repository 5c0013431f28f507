import type { Connection } from '@temporalio/client';

export interface Deployment {
  readonly connection: Pick<Connection, 'workflowService'>;
  readonly namespace: string;
  /** As the workers' configuration calls it. */
  readonly deployment: string;
}

export interface Build {
  readonly build: string;
  /** `draining`: no new runs, but some of its own still go on. `drained`: its workers can go. `inactive`: never current. */
  readonly status: 'inactive' | 'current' | 'ramping' | 'draining' | 'drained' | 'created' | 'unknown';
}

/** By the numbers of `WorkerDeploymentVersionStatus`. */
const STATUSES: readonly Build['status'][] = [
  'unknown',
  'inactive',
  'current',
  'ramping',
  'draining',
  'drained',
  'created',
];

/** The builds of a deployment that the server knows, as it has them. Rejects where no versioned worker ever came. */
export async function listBuilds({ connection, namespace, deployment }: Deployment): Promise<readonly Build[]> {
  const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
    namespace,
    deploymentName: deployment,
  });
  return (workerDeploymentInfo?.versionSummaries ?? []).map(({ deploymentVersion, status }) => ({
    build: deploymentVersion?.buildId ?? '',
    status: STATUSES[status ?? 0] ?? 'unknown',
  }));
}

/**
 * New runs begin with this build from now on, and what is not pinned goes on with it. Rejects where the server has seen no
 * worker of it, or none on a task queue that the present build serves.
 */
export async function makeCurrent(
  { connection, namespace, deployment }: Deployment,
  build: string,
  identity: string,
): Promise<void> {
  await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName: deployment,
    buildId: build,
    identity,
  });
}
