import { PermanentError } from '../dag/permanent-error.js';

export interface Culprit {
  readonly source?: string;
  readonly file?: string;
  readonly sheet?: string;
  readonly column?: string;
  /** Line of a text file, or row of a sheet, counted from 1. */
  readonly row?: number;
  readonly value?: string;
}

/** The data is not what the configuration says it is. Names the culprit and what to do; publishes nothing. */
export class BadInput extends PermanentError {
  override readonly name = 'BadInput';
  readonly culprit: Culprit;

  constructor(message: string, culprit: Culprit, options?: ErrorOptions) {
    const where = Object.entries(culprit).map(([what, which]) => `${what} '${which}'`);
    super(where.length === 0 ? message : `${where.join(', ')}: ${message}`, options);
    this.culprit = culprit;
  }
}
