import { z } from 'zod';
import { randomStream } from '../../../kernels/random.js';
import type { Data } from '../data.js';
import { judgeInertia } from '../judges/judge-inertia.js';
import { type MatrixFile, matrixFile } from '../matrix.js';
import type { Peer, Row, Settings } from '../row.js';
import type { Figures } from '../side.js';
import { ofRows, type Size } from './size.js';

const SEED = 11;
const RESTARTS = 3;

/** faiss stops after so many iterations as it is told, and at nothing else: as many as ours needed. */
const FAISS: Peer = { name: 'faiss', way: 'faiss', settings: (ours) => ({ iterations: iterationsOf(ours) }) };

const iterationsOf = (ours: Figures): number => z.number().min(1).parse(ours.iterations);

interface Fit {
  readonly on: string;
  readonly k: number;
  /** Times as fast as scikit-learn. */
  readonly atLeast?: number;
  matrix(data: Data): Promise<MatrixFile>;
}

/** Each fit in two forms: from given starts, and from each side's own with the same number of restarts. */
export function kMeansRows(size: Size): readonly Row[] {
  const aggregated = (rows: number, k: number, atLeast: number): Fit => ({
    on: `${ofRows(size(rows))} x 24`,
    k,
    atLeast,
    matrix: async (data) => data.matrix('aggregated', size(rows)),
  });
  const real = (name: 'completejourney' | 'sparkov'): Fit => ({
    on: `features of ${name}`,
    k: 6,
    matrix: async (data) => data.real(name),
  });
  const gaussian: Fit = {
    on: `gaussian ${ofRows(size(100_000))} x 24`,
    k: 10,
    matrix: async (data) => data.matrix('gaussian', size(100_000)),
  };
  const fits = [
    aggregated(200_000, 10, 4),
    aggregated(1_000_000, 10, 5),
    aggregated(200_000, 6, 1.5),
    gaussian,
    real('completejourney'),
    real('sparkov'),
  ];
  return fits.flatMap((fit) => [rowOf(fit, 'given'), rowOf(fit, 'own')]);
}

function rowOf({ on, k, atLeast, matrix }: Fit, starts: 'given' | 'own'): Row {
  const aim = atLeast === undefined ? {} : { atLeast };
  return {
    group: 'kmeans',
    title: `k-means, ${on}, k = ${k}, ${starts === 'given' ? 'given starts' : `${RESTARTS} own starts`}`,
    script: 'kmeans',
    peers: [{ name: 'scikit-learn', way: 'sklearn', ...aim }, { name: 'scikit-learn, elkan', way: 'elkan' }, FAISS],
    prepare: async (data): Promise<Settings> => {
      const file = await matrix(data);
      const initialRows = starts === 'given' ? someRows(file.rows, k) : null;
      return { matrix: file, k, seed: SEED, restarts: starts === 'given' ? 1 : RESTARTS, initialRows };
    },
    // Every point from every centroid, in every iteration of every start, as if each took as many as the one that won.
    plain: (settings, ours) => {
      const { rows, columns } = matrixFile.parse(settings.matrix);
      return {
        unit: 'multiplyAdds',
        amount: rows * columns * k * iterationsOf(ours) * (starts === 'given' ? 1 : RESTARTS),
      };
    },
    judge: judgeInertia,
  };
}

function someRows(rows: number, k: number): number[] {
  const random = randomStream(SEED, rows, k);
  const chosen = new Set<number>();
  while (chosen.size < k) chosen.add(random.integer(rows));
  return [...chosen];
}
