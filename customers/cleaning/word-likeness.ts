/**
 * How alike two words are by Jaro and Winkler, 0..1: the share of letters they have in common at about the same place,
 * with a bonus for a common beginning of up to four letters.
 */
export function wordLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = Array.from<boolean>({ length: b.length }).fill(false);
  const ofA: string[] = [];
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j++) {
      if (taken[j] === true || a[i] !== b[j]) continue;
      taken[j] = true;
      ofA.push(a.charAt(i));
      break;
    }
  }
  const common = ofA.length;
  if (common === 0) return 0;
  const ofB = b.split('').filter((_, j) => taken[j] === true);
  const transposed = ofA.filter((letter, i) => letter !== ofB[i]).length / 2;
  const jaro = (common / a.length + common / b.length + (common - transposed) / common) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Letters to insert, delete, change, or exchange with their neighbour, to make one word of the other. */
export function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed);
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isExchange) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
