import { InvalidArgumentError } from 'commander';

/** An argument of a command that is a whole number from 1 on. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return value;
}
