const MILLISECONDS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

type Unit = keyof typeof MILLISECONDS;

/** A length of time as its author reads it: `'30 seconds'`, `'1 hour'`. A day is 24 hours, whatever the clocks do. */
export type Duration = `${number} ${Unit | `${Unit}s`}`;

/** `milliseconds('2 minutes')` is 120000. Throws a RangeError for a text that is no such length. */
export function milliseconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(duration);
  if (match === null) throw new RangeError(`Expected a duration such as '30 seconds' or '1 hour', got '${duration}'`);
  // The pattern admits no other unit.
  return Number(match[1]) * MILLISECONDS[match[2] as Unit];
}

/** `showDuration(120_000)` is `2 minutes`: in the largest unit of which it is a whole number. */
export function showDuration(length: number): Duration {
  const units: readonly Unit[] = ['day', 'hour', 'minute'];
  const unit = units.find((unit) => length !== 0 && length % MILLISECONDS[unit] === 0) ?? 'second';
  const count = length / MILLISECONDS[unit];
  return count === 1 ? `${count} ${unit}` : `${count} ${unit}s`;
}
