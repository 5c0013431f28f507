/** So many characters of a text of a file are shown where nothing else is said. */
const SHOWN = 40;
const NAMED: { readonly [sign: string]: string } = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** A text as an error shows it: its first characters, on one line, those that no one can see by their numbers. */
export const shownText = (text: string, atMost = SHOWN): string =>
  text.length > atMost ? `${escaped(text.slice(0, atMost))}…` : escaped(text);

/** The same of its last characters. */
export const shownEnd = (text: string): string =>
  text.length > SHOWN ? `…${escaped(text.slice(-SHOWN))}` : escaped(text);

const escaped = (text: string): string =>
  text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (sign) => NAMED[sign] ?? String.raw`\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`,
  );
