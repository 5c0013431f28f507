import { expect, it } from 'vitest';
import { jsonText } from '../../../cli/json-text.js';

it('writes 64-bit integers as numbers as long as a number holds them, else as their digits', () => {
  expect(jsonText({ rows: [{ n: 3n, big: 2n ** 53n - 1n, bigger: 2n ** 53n + 1n, text: 'x', none: null }] })).toBe(
    '{"rows":[{"n":3,"big":9007199254740991,"bigger":"9007199254740993","text":"x","none":null}]}',
  );
});
