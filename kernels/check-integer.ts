/** Throws RangeError unless `value` is an integer of `least`..`most`; `range` is how the message calls those limits. */
export function checkInteger(name: string, value: number, least: number, most: number, range: string): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`Expected \`${name}\` to be ${range}, got ${value}`);
  }
}
