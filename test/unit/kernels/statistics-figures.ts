import { readFileSync } from 'node:fs';

/** What statistics_scipy.py writes. */
export interface StatisticsFigures {
  readonly assignments: {
    readonly costs: number[][];
    readonly cost: number;
    readonly columns: number[] | null;
  }[];
  readonly rand: { readonly a: number[]; readonly b: number[]; readonly index: number }[];
  readonly stability: {
    readonly samples: [expected: number[], actual: number[]];
    readonly bins: number;
    readonly edges: number[];
    readonly counts: [expected: number[], actual: number[]];
    readonly index: number;
  }[];
  readonly categories: { readonly counts: [expected: number[], actual: number[]]; readonly index: number };
}

export function statisticsFigures(): StatisticsFigures {
  // The file's shape is that of the script beside it.
  return JSON.parse(readFileSync('test/golden/statistics-scipy.json', 'utf8')) as StatisticsFigures;
}
