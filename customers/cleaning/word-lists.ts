/** The words of lines, blanks between them. */
export const wordsIn = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(' ')));

/** Lines of words that mean the same, the first of each line its name: the name of every word. */
export const namesIn = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap((line) => {
      const words = line.split(' ');
      return words.map((word) => [word, words[0] ?? word] as const);
    }),
  );
