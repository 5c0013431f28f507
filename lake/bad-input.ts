import { PermanentError } from '../dag/permanent-error.js';
import { shownText } from './shown-text.js';

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
    const where = Object.entries(culprit).map(
      ([what, which]) => `${what} '${shownText(String(which), what === 'value' ? SHOWN : Infinity)}'`,
    );
    super(where.length === 0 ? message : `${where.join(', ')}: ${message}`, options);
    this.culprit = culprit;
  }
}

/** Of a value that a message names: a file that is not what it should be has pages of them. */
const SHOWN = 120;
