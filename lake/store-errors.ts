import { PermanentError } from '../dag/permanent-error.js';

/** What a store was doing when it failed. `key` is absent where the whole lake is meant (listing, probing). */
export interface StoreOperation {
  readonly store: string;
  readonly operation: string;
  readonly key?: string;
}

const place = ({ store, operation, key }: StoreOperation): string =>
  key === undefined ? `${operation} lake ${store}` : `${operation} '${key}' in lake ${store}`;

/**
 * No object has this key. An ordinary error, not a permanent one: shared folders mounted over a network
 * may show another machine's new file a few seconds late.
 */
export class ObjectNotFound extends Error {
  override readonly name = 'ObjectNotFound';
  constructor(
    readonly at: StoreOperation,
    options?: ErrorOptions,
  ) {
    super(`Cannot ${place(at)}: there is no such object`, options);
  }
}

/** The lake refuses us whatever the number of tries: wrong credentials, a missing bucket, a folder that cannot be written. */
export class LakeAccess extends PermanentError {
  override readonly name = 'LakeAccess';
  constructor(
    readonly at: StoreOperation,
    reason: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(`Cannot ${place(at)}: ${reason}. ${remedy}`, options);
  }
}

/** The lake did not answer, or not in time, or with an error of its own: another try may succeed. */
export class LakeUnavailable extends Error {
  override readonly name = 'LakeUnavailable';
  constructor(
    readonly at: StoreOperation,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Cannot ${place(at)}: ${reason}`, options);
  }
}

/** A key that could leave the lake, or name one object in two ways. */
export class InvalidKey extends PermanentError {
  override readonly name = 'InvalidKey';
}
