import type { Matrix } from '../matrix.js';

/** Points of the sample that the others are compared with. */
const QUERIES = 32;

/** What a comparison costs, and a coordinate more of it, and a pair that it leaves open: measured, in any unit. */
const COMPARISON = 0.6;
const COORDINATE = 0.11;
const OPEN = 80;

/**
 * How many coordinates the fronts should have, a multiple of four: with more of them each comparison takes longer, with fewer
 * more pairs are left open. Tried on a sample, of points along the directions that `rows` points vary most along.
 */
export function chooseFront(
  sample: Matrix<Float64Array>,
  directions: Float64Array | undefined,
  rows: number,
  k: number,
): number {
  const { rows: others, columns } = sample;
  const turned = turn(sample, directions);
  const most = Math.ceil(columns / 4) * 4;
  const costs = new Float64Array(most / 4);
  const fronts = new Float64Array(others * costs.length);
  const lengths = lengthsOfRests(turned, columns);
  const step = Math.ceil(others / QUERIES);
  for (let query = 0; query < others; query += step) {
    const wholes = new Float64Array(others).fill(Infinity);
    for (let other = 0; other < others; other++) {
      if (other === query) continue;
      let square = 0;
      for (let c = 0; c < columns; c++) {
        if (c % 4 === 3) {
          const rest = lengths[query * columns + c] - lengths[other * columns + c];
          fronts[other * costs.length + (c >> 2)] = square + rest * rest;
        }
        square += (turned[query * columns + c] - turned[other * columns + c]) ** 2;
      }
      if (most >= columns) fronts[(other + 1) * costs.length - 1] = square;
      wholes[other] = square;
    }
    const nearest = wholes.toSorted()[Math.min(others - 1, Math.floor((k * others) / rows))];
    for (let other = 0; other < others; other++) {
      // What is much farther is left out together with all around it.
      if (other === query || fronts[other * costs.length] > 4 * nearest) continue;
      for (let m = 0; m < costs.length; m++) {
        costs[m] += COMPARISON + COORDINATE * (m + 1) * 4;
        if (fronts[other * costs.length + m] <= nearest) costs[m] += OPEN;
      }
    }
  }
  return (costs.indexOf(Math.min(...costs)) + 1) * 4;
}

function turn({ rows, columns, values }: Matrix<Float64Array>, directions: Float64Array | undefined): Float64Array {
  if (directions === undefined) return values;
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < columns; d++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += values[i * columns + c] * directions[d * columns + c];
      turned[i * columns + d] = sum;
    }
  }
  return turned;
}

/** For each coordinate the length of it and those after it. */
function lengthsOfRests(points: Float64Array, columns: number): Float64Array {
  const lengths = new Float64Array(points.length);
  for (let start = 0; start < points.length; start += columns) {
    let square = 0;
    for (let c = columns - 1; c >= 0; c--) {
      square += points[start + c] ** 2;
      lengths[start + c] = Math.sqrt(square);
    }
  }
  return lengths;
}
