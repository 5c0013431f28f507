import { squaredLengths } from '../distance-block.js';
import type { Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { weightedRows } from '../weighted-rows.js';
import { kernelsOn } from './compiled-kernels.js';
import type { Crew } from './crew.js';
import { type SeedsMemory, TAKEN, slackOf } from './seeds-memory.js';
import { viewArrays } from './shared-arrays.js';

/** Rows that are weighted, and which rows of the reference they are themselves. */
interface Taken {
  /** The first of them in `rows` of the search. */
  readonly first: number;
  readonly queries: Matrix<Float64Array>;
  readonly lengths: Float64Array;
  /** By place in the reference; -1 for none. */
  readonly selves: Int32Array;
}

/** The counts and the nearest seeds of `seedNeighbours`, bit for bit, to the memory. Every member of the crew calls it. */
export function countSeedsOnCrew(crew: Crew, input: SeedsMemory, onProgress: OnProgress): void {
  const { memory, at, threads, columns, seedPlaces, places, scale, longest } = input;
  const of = viewArrays(memory, at);
  const kernels = kernelsOn(memory);
  const ks = of.ks.length;
  const room = (name: 'queries' | 'queries32' | 'ofQueries32' | 'guesses' | 'distances' | 'list' | 'values'): number =>
    at[name].offset + (crew.index * of[name].byteLength) / threads;
  const [queriesAt, queries32At, ofQueries32At] = [room('queries'), room('queries32'), room('ofQueries32')];
  const [guessesAt, distancesAt, listAt, valuesAt] = [room('guesses'), room('distances'), room('list'), room('values')];
  const distances = new Float32Array(memory.buffer, distancesAt, 4 * places);
  const queries32 = new Float32Array(memory.buffer, queries32At, TAKEN * columns);
  const ofQueries32 = new Float32Array(memory.buffer, ofQueries32At, TAKEN);
  takeRows(crew, input, onProgress, ({ first, queries, lengths, selves }) => {
    of.queries.set(queries.values, crew.index * TAKEN * columns);
    for (let i = 0; i < queries.values.length; i++) queries32[i] = queries.values[i] * scale;
    for (let i = 0; i < queries.rows; i++) ofQueries32[i] = lengths[i] * scale * scale;
    for (let four = 0; four < queries.rows; four += 4) {
      kernels.seedBlock(
        at.lanes.offset,
        at.lengths32.offset,
        places,
        columns,
        queries32At + four * columns * 4,
        ofQueries32At + four * 4,
        distancesAt,
      );
      for (let i = four; i < Math.min(four + 4, queries.rows); i++) {
        const line = (i - four) * places;
        if (selves[i] >= 0) distances[line + selves[i]] = Infinity;
        const all = input.seeds.length + input.background.length - (selves[i] >= 0 ? 1 : 0);
        const lengthOf = lengths[i];
        const slack = slackOf(columns, lengthOf * scale * scale, longest, scale);
        const queryAt = queriesAt + i * columns * 8;
        const lineAt = distancesAt + line * 4;
        kernels.countSeeds(
          lineAt,
          seedPlaces,
          places,
          all,
          slack,
          at.ks.offset,
          ks,
          guessesAt,
          at.reference.offset,
          at.lengths.offset,
          columns,
          queryAt,
          lengthOf,
          listAt,
          valuesAt,
          at.counts.offset + (first + i) * ks * 8,
        );
        of.nearest[first + i] = kernels.nearestOfSeeds(
          lineAt,
          seedPlaces,
          slack,
          at.reference.offset,
          at.lengths.offset,
          columns,
          queryAt,
          lengthOf,
          listAt,
        );
      }
    }
  });
}

/** The nearest seeds and the mean distances of `seedNeighbours`, bit for bit, to the memory. Every member of the crew calls it. */
export function meanOfSeedsOnCrew(crew: Crew, input: SeedsMemory, onProgress: OnProgress): void {
  const { memory, at, columns, seeds } = input;
  const of = viewArrays(memory, at);
  const kernels = kernelsOn(memory);
  const room = crew.index * TAKEN;
  const foundAt = crew.index * 8;
  takeRows(crew, input, onProgress, ({ first, queries, lengths, selves }) => {
    of.ofQueries.set(lengths, room);
    of.selves.set(selves, room);
    for (let i = 0; i < queries.rows; i++) {
      const lane = (room + (i & ~3)) * columns + (i & 3);
      for (let c = 0; c < columns; c++) of.queries[lane + c * 4] = queries.values[i * columns + c];
    }
    for (let four = 0; four < queries.rows; four += 4) {
      kernels.meanOfSeeds(
        at.reference.offset,
        at.lengths.offset,
        seeds.length,
        columns,
        at.queries.offset + (room + four) * columns * 8,
        at.ofQueries.offset + (room + four) * 8,
        at.selves.offset + (room + four) * 4,
        at.found.offset + foundAt * 8,
      );
      for (let i = four; i < Math.min(four + 4, queries.rows); i++) {
        const isSeed = selves[i] >= 0 && selves[i] < seeds.length;
        of.nearest[first + i] = of.found[foundAt + i - four];
        of.means[first + i] = of.found[foundAt + 4 + i - four] / (isSeed ? seeds.length - 1 : seeds.length);
      }
    }
  });
}

/** Takes rows until all are taken. */
function takeRows(crew: Crew, input: SeedsMemory, onProgress: OnProgress, take: (taken: Taken) => void): void {
  const { memory, at, points, multipliers, rows, seeds, background, seedPlaces } = input;
  const { next } = viewArrays(memory, at);
  const placeOf = new Map<number, number>();
  for (let i = 0; i < seeds.length; i++) placeOf.set(seeds[i], i);
  for (let i = 0; i < background.length; i++) placeOf.set(background[i], seedPlaces + i);
  for (;;) {
    const first = Atomics.add(next, 0, TAKEN);
    if (first >= rows.length) return;
    const taken = rows.subarray(first, first + TAKEN);
    const queries = weightedRows(points, taken, multipliers);
    take({
      first,
      queries,
      lengths: squaredLengths(queries),
      selves: taken.map((row) => placeOf.get(row) ?? -1),
    });
    onProgress({ phase: 'neighbours', rows: Math.min(first + TAKEN, rows.length), of: rows.length });
  }
}
