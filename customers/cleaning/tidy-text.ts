export interface Tidied {
  readonly text: string;
  /** What had to be done; undefined where the text was tidy. */
  readonly rule?: 'blanks' | 'characters' | 'mojibake';
}

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
/** Zero-width signs, byte order marks, soft hyphens and control characters that are no blanks. */
const INVISIBLE = /(?![\t-\r\u0080-\u009f])\p{Cc}|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/gu;
/** What makes a spreadsheet take a number as text; `'s-Hertogenbosch` begins with another one. */
const AS_TEXT = /^'+(?=[-+=.,\d])/;
/** `="0042"`: the same, in files of some programs. */
const AS_FORMULA = /^="([^"]*)"$/;
/** Quotes that came with a cell, and what makes a formula of a number. */
const QUOTED = /^"([^"]*)"$|^=(?=[-+]?\d)/;
/** What these begin with. */
const MARKED = /^['"=]/;
/** Runs without superscripts, fractions and other numbers that are no digits, of which a compatible form makes digits. */
const NO_POWERS = /[^\p{No}]+/gu;
/** UTF-8 of Latin letters, quotes and signs that was read as Windows-1252: a lead byte, and something above ASCII. */
const MOJIBAKE = /[\u00c2-\u00c5\u00e2][\u0080-\uffff]/u;

/**
 * A text without what nobody sees or means: blanks around it and runs of them within, invisible characters, an
 * apostrophe that made a spreadsheet take it as text, UTF-8 that was once read as Windows-1252 (`CÃ³rdoba`).
 */
export function tidyText(raw: string): Tidied {
  if (PLAIN.test(raw) && !MARKED.test(raw)) return { text: raw };
  const repaired = MOJIBAKE.test(raw) ? repairMojibake(raw) : raw;
  const visible = repaired.replace(INVISIBLE, '').normalize('NFC');
  const spaced = visible.replace(/\s+/gu, ' ').trim();
  const text = spaced.replace(AS_TEXT, '').replace(AS_FORMULA, '$1').trim();
  if (repaired !== raw) return { text, rule: 'mojibake' };
  if (text === raw) return { text };
  return { text, rule: visible === raw && spaced === text ? 'blanks' : 'characters' };
}

/**
 * The same, with the signs of other keyboards as the common ones: `％`, `１２`, `−`, `’`. For what is not a word.
 * Powers, fractions and numbers in circles stay: `2²` is not 22.
 */
export function tidySigns(raw: string): Tidied {
  if (PLAIN.test(raw) && !MARKED.test(raw)) return { text: raw };
  const tidied = tidyText(raw);
  const text = tidied.text
    .replace(QUOTED, '$1')
    .replace(NO_POWERS, (some) => some.normalize('NFKC'))
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u02bc\u00b4`]/gu, "'")
    .replace(/\s+/gu, ' ')
    .trim();
  return text === tidied.text ? tidied : { text, rule: tidied.rule === 'mojibake' ? 'mojibake' : 'characters' };
}

/** What Windows-1252 shows for the bytes 0x80 to 0x9f; the five it leaves out come through as themselves. */
const HIGH = new Map(
  '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'.split('').map((sign, i) => [sign, 0x80 + i] as const),
);

/** The text whose UTF-8 was read as Windows-1252; the text itself where it is no such thing. Twice, for what went wrong twice. */
function repairMojibake(text: string): string {
  let repaired = text;
  for (let times = 0; times < 2 && MOJIBAKE.test(repaired); times++) {
    const bytes: number[] = [];
    for (const sign of repaired) {
      const byte = HIGH.get(sign) ?? sign.codePointAt(0) ?? 256;
      if (byte > 255) return repaired;
      bytes.push(byte);
    }
    try {
      repaired = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
    } catch {
      return repaired;
    }
  }
  return repaired;
}

/**
 * A word as it is compared: without case, accents, punctuation and further blanks. `Córdoba ` and `CORDOBA.` are one.
 * Signs that tell words apart stay: `A-`, `C#`, `<30`, `-1`, `1.5`.
 */
export const foldWord = (text: string): string =>
  withoutAccents(text)
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/(?<=\d)[.,](?=\d)/gu, POINT)
    .replace(/(?<![\p{L}\p{N}])-(?=\d)|(?<=(?<![\p{L}\p{N}])[\p{L}\p{N}]{1,2})-(?=\s*$)/gu, MINUS)
    .replace(/[^\p{L}\p{N}+#<>≤≥=%°\ue000\ue001]+/gu, ' ')
    .replaceAll(POINT, '.')
    .replaceAll(MINUS, '-')
    .trim();

/** Nobody writes these. */
const POINT = '\ue000';
const MINUS = '\ue001';

/** In lower case and without accents; punctuation stays. */
export const withoutAccents = (text: string): string =>
  text
    .toLowerCase()
    .replace(NO_POWERS, (some) => some.normalize('NFKD'))
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss');
