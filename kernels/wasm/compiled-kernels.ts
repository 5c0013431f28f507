import { readFileSync } from 'node:fs';

/**
 * The functions that `kernels/wasm/assembly` is compiled to. Every parameter is a number: places are offsets in the memory,
 * in bytes. What each does is documented with its source.
 */
export interface CompiledKernels {
  multiplyAdd16(times: number): number;
  readThrough(at: number, end: number): number;
  largestMagnitude(at: number, end: number): number;
  toGrid(at: number, end: number, scale: number, rounder: number): void;
  sumRows(points: number, stride: number, from: number, to: number, sums: number): void;
  largestSquare(points: number, stride: number, from: number, to: number): number;
  toUnits(
    points: number,
    stride: number,
    from: number,
    to: number,
    units: number,
    whole: number,
    norms: number,
  ): number;
  assignRows(labelling: number, from: number, to: number, fresh: number): number;
  settleBounds(
    from: number,
    to: number,
    k: number,
    drifts: number,
    drift: number,
    labels: number,
    upper: number,
    bounds: number,
  ): void;
  renumber(from: number, to: number, k: number, ranks: number, labels: number, bounds: number): void;
  ownDistances(
    points: number,
    stride: number,
    from: number,
    to: number,
    centroids: number,
    labels: number,
    distances: number,
    block: number,
    sums: number,
  ): void;
  seedFirst(
    points: number,
    stride: number,
    from: number,
    to: number,
    row: number,
    closest: number,
    next: number,
    labels: number,
    block: number,
    sums: number,
  ): void;
  seedTry(
    points: number,
    whole: number,
    norms: number,
    stride: number,
    from: number,
    to: number,
    rows: number,
    lanes: number,
    laneNorms: number,
    units: number,
    error: number,
    closest: number,
    labels: number,
    quarters: number,
    squares: number,
    block: number,
    sums: number,
  ): void;
  seedTake(
    from: number,
    to: number,
    squares: number,
    closest: number,
    next: number,
    labels: number,
    centroid: number,
  ): void;
  seedBounds(
    from: number,
    to: number,
    closest: number,
    next: number,
    labels: number,
    units: number,
    error: number,
    k: number,
    upper: number,
    bounds: number,
  ): void;
  projectRows(
    points: number,
    stride: number,
    from: number,
    to: number,
    centre: number,
    rotation: number,
    units: number,
    radius: number,
    columns: number,
    byRow: number,
    ends: number,
    room: number,
  ): void;
  halve(byRow: number, stride: number, columns: number, order: number, keys: number, from: number, to: number): number;
  orderRows(
    byRow: number,
    stride: number,
    columns: number,
    order: number,
    keys: number,
    from: number,
    to: number,
  ): void;
  layOutTiles(
    side: number,
    byRow: number,
    ends: number,
    isWhole: number,
    limit: number,
    from: number,
    to: number,
  ): void;
  walkNearby(side: number, from: number, to: number, nearby: number, tiles: number, room: number): void;
  walkPairs(
    side: number,
    from: number,
    to: number,
    otherFrom: number,
    otherTo: number,
    nearby: number,
    room: number,
  ): void;
  startQuery(index: number, from: number, to: number, queries: number, query: number, room: number): void;
  walkQuery(
    index: number,
    part: number,
    parts: number,
    queries: number,
    query: number,
    gaps: number,
    room: number,
  ): void;
  walkQueries(index: number, from: number, to: number, queries: number, tile: number, room: number): void;
  twoNearest(
    points: number,
    stride: number,
    rows: number,
    k: number,
    centroids: number,
    labels: number,
    first: number,
    second: number,
  ): void;
  missWithout(
    points: number,
    stride: number,
    rows: number,
    row: number,
    labels: number,
    first: number,
    second: number,
    missed: number,
  ): number;
  seedBlock(
    lanes: number,
    lengths: number,
    width: number,
    columns: number,
    queries: number,
    ofQueries: number,
    out: number,
  ): void;
  countSeeds(
    distances: number,
    seedPlaces: number,
    places: number,
    all: number,
    slack: number,
    ks: number,
    count: number,
    guesses: number,
    reference: number,
    lengths: number,
    columns: number,
    query: number,
    ofQuery: number,
    list: number,
    values: number,
    counts: number,
  ): void;
  nearestOfSeeds(
    distances: number,
    seedPlaces: number,
    slack: number,
    reference: number,
    lengths: number,
    columns: number,
    query: number,
    ofQuery: number,
    list: number,
  ): number;
  meanOfSeeds(
    seeds: number,
    lengths: number,
    count: number,
    columns: number,
    queries: number,
    ofQueries: number,
    selves: number,
    found: number,
  ): void;
  addSilhouetteSums(
    points: number,
    stride: number,
    rows: number,
    from: number,
    to: number,
    rounder: number,
    cells: number,
    count: number,
    starts: number,
    clusters: number,
    labelings: number,
    lines: number,
    lanes: number,
    byCell: number,
    byLine: number,
    column: number,
    aside: number,
    sums: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled kernels on a memory. The code is compiled once a thread. */
export function kernelsOn(memory: WebAssembly.Memory): CompiledKernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
  // The set-up compiles the sources that the interface above describes.
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as CompiledKernels;
}
