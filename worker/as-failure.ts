import { ApplicationFailure } from '@temporalio/common';
import { isPermanent } from '../dag/permanent-error.js';

/** Temporal retries by type: what no retry cures says so itself, with the name it has here. */
export function asFailure(error: unknown): unknown {
  if (!isPermanent(error) || !(error instanceof Error)) return error;
  return ApplicationFailure.create({ message: error.message, type: error.name, nonRetryable: true, cause: error });
}
