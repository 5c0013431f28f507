import { expect } from 'vitest';

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const unescaped = (text: string): string =>
  text.replaceAll(/&(\w+|#\d+);/g, (_, name: string) => ENTITIES[name] ?? '?');

/** What stands between the tags, without the styles. */
export const textsOf = (svg: string): readonly string[] =>
  [...svg.replaceAll(/<style[\s\S]*?<\/style>/g, '').matchAll(/>([^<]+)</g)]
    .map(([, text = '']) => unescaped(text).trim())
    .filter((text) => text !== '');

/** Every tag is closed in its turn, attributes are quoted, and nothing stands there that XML has no place for. */
export function expectWellFormed(svg: string): void {
  const open: string[] = [];
  const tag = /<(\/?)([a-z]\w*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/gi;
  const rest = svg
    .replaceAll(/<style[^>]*><!\[CDATA\[[\s\S]*?\]\]><\/style>/g, '')
    .replaceAll(tag, (_, close: string, name: string, __, empty: string) => {
      if (close !== '') expect(open.pop()).toBe(name);
      else if (empty === '') open.push(name);
      return '';
    });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(rest.replaceAll(/&(amp|lt|gt|quot|apos|#\d+);/g, '')).not.toContain('&');
  expect(svg).not.toMatch(/(?![\t\n\r])\p{Cc}/u);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
}
