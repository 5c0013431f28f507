import { PermanentError } from '../dag/permanent-error.js';

/** The rows to publish are not one a customer, or are of somebody else. Nothing is published. */
export class PartitionCheckFailed extends PermanentError {
  override readonly name = 'PartitionCheckFailed';
}
