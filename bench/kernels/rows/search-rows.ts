import { judgeNeighbours } from '../judges/judge-neighbours.js';
import { judgeRecall } from '../judges/judge-recall.js';
import { judgeSweep } from '../judges/judge-sweep.js';
import type { Peer, Row } from '../row.js';
import { type Size, ofRows } from './size.js';

const NEAREST = 10;
/** Asked one after the other in one run: a single one is too short to be told from the noise of a machine. */
const QUESTIONS = 20;

/** Questions that a graph is asked at once. */
const ASKED = 10_000;

/** Links and candidates of a graph, the same on both sides. */
const GRAPH = { connectivity: 16, adding: 128 };

/** Candidates of a search, by side: the least, in steps of 8, with which recall stays above 0.99 from build to build. */
const SEARCHING = { usearch: 16, faiss: 16 };

/** Exact neighbours of all points, of one point, graphs that find them about, and the choice of k. */
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
    graphOf('build', fitted),
    graphOf('query', fitted),
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

function graphOf(timed: 'build' | 'query', rows: number): Row {
  const asked = Math.min(ASKED, rows);
  const of = `aggregated ${ofRows(rows)} x 24`;
  return {
    group: 'hnsw',
    title:
      timed === 'build'
        ? `HNSW graph of ${of}`
        : `${ofRows(asked)} questions to an HNSW graph of ${of}, top ${NEAREST}`,
    script: 'hnsw',
    peers: [{ name: 'faiss HNSW', way: 'faiss', atLeast: 1, settings: () => ({ searching: SEARCHING.faiss }) }],
    prepare: async (data) => ({
      matrix: await data.matrix('aggregated', rows),
      k: NEAREST,
      queries: Array.from({ length: asked }, (_, i) => Math.floor((i * rows) / asked)),
      timed,
      ...GRAPH,
      searching: SEARCHING.usearch,
    }),
    judge: judgeRecall,
  };
}
