import { editsBetween } from './word-likeness.js';

/** A tongue's names from Monday on: whole, in short, in a letter. Several for one day are divided by a bar. */
interface Tongue {
  readonly whole: string;
  readonly short: string;
  readonly letter: string;
}

const TONGUES: readonly Tongue[] = [
  {
    whole: 'lunes martes miercoles jueves viernes sabado domingo',
    short: 'lu ma mi ju vi sa do',
    letter: 'l m x|m j v s d',
  },
  {
    whole: 'monday tuesday wednesday thursday friday saturday sunday',
    short: 'mo tu we|weds th fr sa su',
    letter: 'm t w r|t f s u|s',
  },
  {
    whole: 'segunda terca quarta quinta sexta sabado domingo',
    short: '2a 3a 4a 5a 6a sa do',
    letter: 's t q q s s d',
  },
  {
    whole: 'lundi mardi mercredi jeudi vendredi samedi dimanche',
    short: 'lu ma me je ve sa di',
    letter: 'l m m j v s d',
  },
  {
    whole: 'montag dienstag mittwoch donnerstag freitag samstag sonntag',
    short: 'mo di mi do fr sa|sonnabend so',
    letter: 'm d m d f s s',
  },
  {
    whole: 'lunedi martedi mercoledi giovedi venerdi sabato domenica',
    short: 'lu ma me gi ve sa do',
    letter: 'l m m g v s d',
  },
];

/** Letters of a name that is told from others with one of them wrong. */
const NAME_LETTERS = 5;

/** The days, 1 (Monday) .. 7, that each word of a tongue may mean: `m` is a Tuesday or a Wednesday in Spanish. */
type WeekdayWords = ReadonlyMap<string, ReadonlySet<number>>;

/** Of each tongue its words, folded: whole names, their beginnings from three letters on, and shorter forms. */
const weekdayWords: readonly WeekdayWords[] = TONGUES.map(({ whole, short, letter }) => {
  const words = new Map<string, Set<number>>();
  const add = (word: string, day: number): void => void words.set(word, (words.get(word) ?? new Set()).add(day));
  for (const [name, day] of named(whole)) {
    for (let letters = 3; letters <= name.length; letters++) add(name.slice(0, letters), day);
  }
  for (const [name, day] of [...named(short), ...named(letter)]) add(name, day);
  return words;
});

function named(names: string): [string, number][] {
  return names.split(' ').flatMap((ofDay, i) => ofDay.split('|').map((name): [string, number] => [name, i + 1]));
}

/** The days that a word of two letters or more may mean in any tongue; none where it is no name of a weekday. */
export function weekdaysNamed(word: string): ReadonlySet<number> {
  const days = new Set<number>();
  if (word.length > 1) for (const words of weekdayWords) for (const day of words.get(word) ?? []) days.add(day);
  return days;
}

/**
 * What each word means in a column that has all of these, see `spokenIn`. A day that another short word of the column says
 * is not meant by one of several: beside `X`, `M` is a Tuesday. Several days, where that is not enough to tell.
 */
export function settleWeekdays(words: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<number>> {
  const known = knownOf(words);
  const meant = (word: string, tongue: WeekdayWords): number[] => {
    const days = [...(tongue.get(word) ?? [])];
    const free = days.filter((day) => !known.some((other) => other !== word && saysOnly(tongue, other, day)));
    return free.length > 0 ? free : days;
  };
  const spoken = spokenIn(known);
  return new Map(known.map((word) => [word, new Set(spoken.flatMap((tongue) => meant(word, tongue)))]));
}

/**
 * The whole name that a word is one edit from, in the tongues of the other words: `miercols`, `luns`. None where names of two days are that near.
 */
export function nearWeekday(
  word: string,
  words: ReadonlySet<string>,
): { readonly name: string; readonly day: number } | undefined {
  if (word.length < NAME_LETTERS - 1) return undefined;
  const near = spokenIn(knownOf(words)).flatMap((tongue) =>
    [...tongue].flatMap(([name, days]) => {
      const isName = name.length >= NAME_LETTERS && editsBetween(word, name) === 1;
      return isName ? [...days].map((day) => ({ name, day })) : [];
    }),
  );
  // The longest: beginnings of a name are words too.
  const [longest] = near.toSorted((a, b) => b.name.length - a.name.length);
  return near.every(({ day }) => day === longest?.day) ? longest : undefined;
}

const knownOf = (words: ReadonlySet<string>): string[] =>
  [...words].filter((word) => weekdayWords.some((tongue) => tongue.has(word)));

/**
 * The tongues of a column that has these words: those that know them all, or, where none does, those of which the column
 * has a word that no other one knows.
 */
function spokenIn(known: readonly string[]): readonly WeekdayWords[] {
  const knowsAll = weekdayWords.filter((tongue) => known.every((word) => tongue.has(word)));
  const evident = weekdayWords.filter((tongue) =>
    known.some((word) => tongue.has(word) && weekdayWords.every((other) => other === tongue || !other.has(word))),
  );
  return [knowsAll, evident, weekdayWords].find(({ length }) => length > 0) ?? [];
}

function saysOnly(tongue: WeekdayWords, word: string, day: number): boolean {
  const days = tongue.get(word);
  return word.length <= 2 && days?.size === 1 && days.has(day);
}
