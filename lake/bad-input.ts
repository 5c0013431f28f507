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
    const where = Object.entries(culprit).map(
      ([what, which]) => `${what} '${inOneLine(String(which), what === 'value' ? SHOWN : Infinity)}'`,
    );
    super(where.length === 0 ? message : `${where.join(', ')}: ${message}`, options);
    this.culprit = culprit;
  }
}

/** Of a value that a message names: a file that is not what it should be has pages of them. */
const SHOWN = 120;

/** A text as it stands in a sentence: what has no sign of its own escaped (`\n`, `\u0000`), and cut where it is long. */
function inOneLine(text: string, atMost: number): string {
  const escaped = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/gu, escapeOf);
  return escaped.length > atMost ? `${escaped.slice(0, atMost)}…` : escaped;
}

const ESCAPES: { readonly [sign: string]: string } = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

const escapeOf = (sign: string): string =>
  ESCAPES[sign] ?? String.raw`\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
