import type { Culprit } from '../bad-input.js';
import { MAX_LIST } from './inflate-limits.js';
import { readXml } from './read-xml.js';
import type { Reading } from './table-visitor.js';
import type { ZipParts } from './zip-parts.js';

/**
 * What a cell's number means: a number, a code of at least so many digits (`00042`), a share of 100, a moment (with a time
 * of day or without), a stretch of time.
 */
export type NumberFormat = 'number' | `code-${number}` | 'percent' | 'date' | 'datetime' | 'time' | 'elapsed';

/** What formats without a code of their own mean, by number: ECMA-376 part 1, 18.8.30, its East Asian ones included. */
const BUILT_IN: ReadonlyMap<number, NumberFormat> = new Map([
  ...[9, 10].map((id) => [id, 'percent'] as const),
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56].map((id) => [id, 'time'] as const),
  [22, 'datetime'],
  [46, 'elapsed'],
]);

/** The formats of a workbook's styles, by the number that cells have. */
export async function readNumberFormats(
  zip: ZipParts,
  part: string | undefined,
  culprit: Culprit,
  reading: Reading,
): Promise<readonly NumberFormat[]> {
  if (part === undefined) return [];
  const codes = new Map<number, NumberFormat>();
  const formats: NumberFormat[] = [];
  let section = '';
  const visitor = {
    open: (name: string, attributes: Readonly<Record<string, string>>, depth: number) => {
      if (depth === 2) section = name;
      const id = Number(attributes['numFmtId'] ?? '0');
      if (section === 'numFmts' && name === 'numFmt') codes.set(id, formatOf(attributes['formatCode'] ?? ''));
      if (section === 'cellXfs' && name === 'xf' && depth === 3) {
        formats.push(codes.get(id) ?? BUILT_IN.get(id) ?? 'number');
      }
    },
    text: () => undefined,
    close: () => undefined,
  };
  await readXml(part, zip.read(part, MAX_LIST), visitor, culprit, reading);
  return formats;
}

/** What a format's code means, by its first section: `0.0%`, `yyyy-mm-dd`, `[h]:mm`, `#,##0 "días"`. */
export function formatOf(code: string): NumberFormat {
  const [bare = ''] = code
    .replaceAll(/"[^"]*"?|\\.|_.|\*./gs, '')
    .replaceAll(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .split(';');
  if (bare.includes('%')) return 'percent';
  if (/^\s*00+\s*$/.test(bare)) return `code-${bare.trim().length}`;
  if (/^\s*general/i.test(bare)) return 'number';
  if (/\[[hms]+\]/i.test(bare)) return 'elapsed';
  // Such a code is no date's, whatever letters a program left in it without quotes.
  if (/[#?]/.test(bare)) return 'number';
  const time = /[hs]/i.test(bare);
  if (/[dy]/i.test(bare) || (/m/i.test(bare) && !time)) return time ? 'datetime' : 'date';
  return time ? 'time' : 'number';
}
