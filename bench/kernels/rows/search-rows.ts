import { judgeNeighbours } from '../judges/judge-neighbours.js';
import { judgeSweep } from '../judges/judge-sweep.js';
import type { Peer, Row } from '../row.js';
import { type Size, ofRows } from './size.js';

const NEAREST = 10;
/** Asked one after the other in one run: a single one is too short to be told from the noise of a machine. */
const QUESTIONS = 20;

/** Exact neighbours of all points, of one point, and the choice of k. */
export function searchRows(size: Size): readonly Row[] {
  const [some, many, fitted] = [size(100_000), size(1_000_000), size(200_000)];
  return [
    neighboursOf('aggregated', some, 5),
    neighboursOf('gaussian', some, 2.5),
    {
      group: 'lookalike',
      title: `${QUESTIONS} lookalike queries one by one, ${ofRows(many)} x 24, top ${NEAREST}`,
      script: 'lookalike',
      peers: [
        { name: 'as many passes over the matrix', way: 'pass', atLeast: 0.5, measure: true },
        { name: 'faiss flat', way: 'faiss' },
      ],
      prepare: async (data) => ({
        matrix: await data.matrix('aggregated', many),
        k: NEAREST,
        queries: Array.from({ length: QUESTIONS }, (_, i) => Math.floor((i * (many - 1)) / (QUESTIONS - 1))),
      }),
      plain: () => ({ unit: 'bytes', amount: QUESTIONS * many * 24 * 4 }),
      judge: judgeNeighbours,
    },
    {
      group: 'sweep',
      title: `k sweep 2..10, ${ofRows(fitted)} x 24, 3 starts each, silhouette of ${ofRows(size(10_000))}`,
      script: 'sweep',
      peers: [{ name: 'scikit-learn', way: 'sklearn', atLeast: 6 }],
      prepare: async (data) => ({
        matrix: await data.matrix('aggregated', fitted),
        ks: [2, 3, 4, 5, 6, 7, 8, 9, 10],
        restarts: 3,
        seed: 5,
        sample: size(10_000),
      }),
      judge: judgeSweep,
    },
  ];
}

function neighboursOf(kind: 'aggregated' | 'gaussian', rows: number, atLeast: number): Row {
  const peers: readonly Peer[] = [{ name: 'faiss flat', way: 'faiss', atLeast }];
  return {
    group: 'knn',
    title: `exact neighbours of all points, ${kind} ${ofRows(rows)} x 24, top ${NEAREST}`,
    script: 'knn',
    peers,
    prepare: async (data) => ({ matrix: await data.matrix(kind, rows), k: NEAREST }),
    // Each pair once.
    plain: () => ({ unit: 'multiplyAdds', amount: (rows * rows * 24) / 2 }),
    judge: judgeNeighbours,
  };
}
