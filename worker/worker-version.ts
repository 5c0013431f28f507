import type { WorkerOptions } from '@temporalio/worker';
import type { Config } from '../config/load-config.js';

/**
 * Where the configuration says which build this is, a run stays with the build that it began with: its workflow, its
 * children, and its tasks on every queue that the build serves. So all workers of a build have the same version.
 */
export function workerVersion({ deployment, build }: Config['worker']): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (build === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: deployment, buildId: build },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
