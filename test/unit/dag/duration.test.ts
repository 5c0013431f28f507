import { describe, expect, it } from 'vitest';
import type { Duration } from '../../../dag/duration.js';
import { milliseconds, showDuration } from '../../../dag/duration.js';

describe('milliseconds', () => {
  it.each<[Duration, number]>([
    ['1 second', 1_000],
    ['20 seconds', 20_000],
    ['1.5 minutes', 90_000],
    ['1 hour', 3_600_000],
    ['48 hours', 172_800_000],
    ['2 days', 172_800_000],
    ['0 seconds', 0],
  ])('reads %s', (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
  });

  it.each(['', '5', '5 weeks', 'seconds', '-1 seconds', '1  hour', '1 hour ', '1e3 seconds'])(
    "refuses '%s'",
    (text) => {
      // What the type refuses can still come from untyped places.
      expect(() => milliseconds(text as Duration)).toThrow(
        `Expected a duration such as '30 seconds' or '1 hour', got '${text}'`,
      );
    },
  );
});

describe('showDuration', () => {
  it.each<[number, Duration]>([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [90_000, '90 seconds'],
    [60_000, '1 minute'],
    [5_400_000, '90 minutes'],
    [48 * 3_600_000, '2 days'],
    [31_536_000_000, '365 days'],
  ])('of %i is %s', (length, shown) => {
    expect(showDuration(length)).toBe(shown);
    expect(milliseconds(shown)).toBe(length);
  });
});
