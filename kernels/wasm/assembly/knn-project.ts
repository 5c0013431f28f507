import { BLOCK, NEVER, Side, TILE } from './knn-side';

/**
 * Writes the rows `from` to `to` of `points` in whole units: turned about `centre` by `rotation`, which has a column of each
 * direction beside each other (0 for none), those longer than `radius` units shortened to it. `ends` gets, of each, the
 * length of what is not in the first `columns` - 1 coordinates. `room` is for two rows of float64.
 */
export function projectRows(
  points: usize,
  stride: i32,
  from: i32,
  to: i32,
  centre: usize,
  rotation: usize,
  units: f64,
  radius: f64,
  columns: i32,
  byRow: usize,
  ends: usize,
  room: usize,
): void {
  const centred = room;
  const turned = rotation == 0 ? centred : room + ((<usize>stride) << 3);
  for (let i = from; i < to; i++) {
    const start = <usize>i * <usize>stride;
    const point = points + (start << 2);
    for (let c = 0; c < stride; c++) {
      const at = <usize>c;
      store<f64>(centred + (at << 3), <f64>load<f32>(point + (at << 2)) - load<f64>(centre + (at << 3)));
    }
    if (rotation != 0) turn(centred, stride, rotation, turned);
    let square: f64 = 0;
    let rest: f64 = 0;
    for (let c = stride - 1; c >= 0; c--) {
      const x = load<f64>(turned + ((<usize>c) << 3));
      square += x * x;
      if (c == columns - 1) rest = square;
    }
    const length = sqrt(square) * units;
    const factor = length > radius ? units * (radius / length) : units;
    const to = byRow + (start << 1);
    for (let c = 0; c < stride; c++) {
      const at = <usize>c;
      store<i16>(to + (at << 1), <i16>nearest(load<f64>(turned + (at << 3)) * factor));
    }
    store<i16>(ends + ((<usize>i) << 1), <i16>nearest(sqrt(rest) * factor));
  }
}

/** Eight coordinates at a time. */
function turn(centred: usize, stride: i32, rotation: usize, turned: usize): void {
  const bytes = (<usize>stride) << 3;
  for (let c: usize = 0; c < bytes; c += 64) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let d = f64x2.splat(0);
    let e = f64x2.splat(0);
    let at = rotation + c;
    for (let x = centred; x < centred + bytes; x += 8, at += bytes) {
      const step = v128.load64_splat(x);
      a = f64x2.add(a, f64x2.mul(step, v128.load(at)));
      b = f64x2.add(b, f64x2.mul(step, v128.load(at, 16)));
      d = f64x2.add(d, f64x2.mul(step, v128.load(at, 32)));
      e = f64x2.add(e, f64x2.mul(step, v128.load(at, 48)));
    }
    v128.store(turned + c, a);
    v128.store(turned + c, b, 16);
    v128.store(turned + c, d, 32);
    v128.store(turned + c, e, 48);
  }
}

/**
 * Lays out the tiles `from` to `to` of a side from rows in whole units: every array of it but the points and the lists. Lists
 * start with `limit`. `isWhole` is 1 where the front is all of a point's coordinates, without the length of the rest.
 */
export function layOutTiles(side: Side, byRow: usize, ends: usize, isWhole: i32, limit: i32, from: i32, to: i32): void {
  const bytes = (<usize>side.frontStride) << 1;
  for (let tile = from; tile < to; tile++) {
    for (let block = tile * TILE; block < (tile + 1) * TILE; block += BLOCK) {
      for (let at = block; at < block + BLOCK; at++) {
        const isPoint = at < side.count;
        if (isPoint) layOutPoint(side, at, byRow, ends, isWhole);
        // Far away, and equal to nothing: what else is in its place is 0.
        else store<i32>(side.frontHalves + ((<usize>at) << 2), NEVER >> 1);
        store<i32>(side.limits + ((<usize>at) << 2), isPoint ? limit : NEVER);
      }
      if (side.lanes != 0) layOutLanes(side, block);
      writeBox(side, block, BLOCK, side.blockBoxes + <usize>(block / BLOCK) * (bytes << 1));
    }
    store<i32>(side.tileLimits + ((<usize>tile) << 2), limit);
    writeBox(side, tile * TILE, TILE, side.tileBoxes + <usize>tile * (bytes << 1));
  }
}

function layOutPoint(side: Side, at: i32, byRow: usize, ends: usize, isWhole: i32): void {
  const row = <usize>load<i32>(side.order + ((<usize>at) << 2));
  const from = byRow + ((row * <usize>side.stride) << 1);
  const whole = side.wholes + ((<usize>at * <usize>side.stride) << 1);
  memory.copy(whole, from, (<usize>side.stride) << 1);
  store<i32>(side.wholeHalves + ((<usize>at) << 2), minusHalf(whole, side.stride));
  const front = side.fronts + ((<usize>at * <usize>side.frontStride) << 1);
  memory.copy(front, from, (<usize>side.columns) << 1);
  if (isWhole == 0) store<i16>(front + ((<usize>(side.columns - 1)) << 1), load<i16>(ends + (row << 1)));
  store<i32>(side.frontHalves + ((<usize>at) << 2), minusHalf(front, side.frontStride));
}

/** Minus half the sum of the squares, the half rounded down. */
function minusHalf(at: usize, stride: i32): i32 {
  let sum: i32 = 0;
  for (let c = 0; c < stride; c++) {
    const x = <i32>load<i16>(at + ((<usize>c) << 1));
    sum += x * x;
  }
  return -(sum >> 1);
}

/** Of each two columns, those of the sixteen points of a block beside each other. */
function layOutLanes(side: Side, block: i32): void {
  const lanes = side.lanes + <usize>block * ((<usize>side.columns) << 1);
  for (let lane = 0; lane < BLOCK; lane++) {
    const front = side.fronts + ((<usize>(block + lane) * <usize>side.frontStride) << 1);
    let to = lanes + ((<usize>lane) << 2);
    for (let c = 0; c < side.columns; c += 2, to += 64) store<i32>(to, load<i32>(front + ((<usize>c) << 1)));
  }
}

/** The least and then the largest of each coordinate of the front. */
function writeBox(side: Side, first: i32, points: i32, box: usize): void {
  const bytes = (<usize>side.frontStride) << 1;
  const end = min(first + points, side.count);
  for (let c: usize = 0; c < bytes; c += 16) {
    let least = i16x8.splat(32767);
    let most = i16x8.splat(-32767);
    for (let at = first; at < end; at++) {
      const x = v128.load(side.fronts + <usize>at * bytes + c);
      least = i16x8.min_s(least, x);
      most = i16x8.max_s(most, x);
    }
    v128.store(box + c, least);
    v128.store(box + bytes + c, most);
  }
}
