import { ApplicationFailure } from '@temporalio/workflow';
import { reasonOf } from '../dag/schema-issues.js';

/** What `parse` gives. What it throws fails the workflow for good: nothing that it was told will read otherwise later. */
export function refusing<Value>(what: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw ApplicationFailure.create({
      message: `${what}: ${reasonOf(error)}`,
      type: 'BadParameters',
      nonRetryable: true,
    });
  }
}
