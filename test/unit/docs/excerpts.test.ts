import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** A code block of a page: what its first line says after the language is the file it is an excerpt of. */
interface Block {
  readonly page: string;
  readonly file: string;
  readonly code: string;
}

const FENCE = /^```\w+ (\S+)\n(.*?)^```$/gms;

const blocks = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .flatMap((name): Block[] => {
    const page = `docs/${name}`;
    return [...readFileSync(page, 'utf8').matchAll(FENCE)].map(([, file = '', code = '']) => ({ page, file, code }));
  });

describe('a code block of the docs that names a file', () => {
  it('is there on the page about writing a DAG, for every word', () => {
    const shown = blocks.filter(({ page }) => page === 'docs/write-your-own.md').map(({ code }) => code);
    for (const word of ['task(', 'map(', 'check(', 'publish(', 'sensor(', 'signal(', 'dag(', 'field(', 'each(']) {
      expect(
        shown.some((code) => code.includes(word)),
        word,
      ).toBe(true);
    }
  });

  it.each(blocks)('$page: $file', ({ file, code }) => {
    expect(readFileSync(file, 'utf8')).toContain(code);
  });
});
