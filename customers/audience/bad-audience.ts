import { PermanentError } from '../../dag/permanent-error.js';

/** An audience that cannot be made as it is defined: no known seeds, too few of them, or nobody who could be in it. */
export class BadAudience extends PermanentError {
  override readonly name = 'BadAudience';
}
