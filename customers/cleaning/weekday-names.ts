/** A tongue's names from Monday on: whole, in two letters, in one. Several for one day are divided by a bar. */
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
    whole: 'montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag',
    short: 'mo di mi do fr sa so',
    letter: 'm d m d f s s',
  },
  {
    whole: 'lunedi martedi mercoledi giovedi venerdi sabato domenica',
    short: 'lu ma me gi ve sa do',
    letter: 'l m m g v s d',
  },
];

/** The days, 1 (Monday) .. 7, that each word of a tongue may mean: `m` is a Tuesday or a Wednesday in Spanish. */
export type WeekdayWords = ReadonlyMap<string, ReadonlySet<number>>;

/** Of each tongue its words, folded: whole names, their beginnings from three letters on, and shorter forms. */
export const weekdayWords: readonly WeekdayWords[] = TONGUES.map(({ whole, short, letter }) => {
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
