import { boxOfBlock, boxOfTile, halfGap } from './knn-boxes';
import { settlePairs } from './knn-settle';
import { BLOCK, Side, TILE } from './knn-side';
import { LIST } from './knn-walk';

/** Tiles beside each other that one part looks at, of as many as fill a cache line of gaps. */
const GROUP: i32 = 16;

/** The gap of a tile that was visited. */
const VISITED: i32 = i32.MAX_VALUE;

/**
 * Looks for the neighbours of one query in a part of the tiles of an index: of each `parts` groups of tiles that with number
 * `part`. Tiles near by lie in one group or the next, so each part has its share of what must be looked at.
 *
 * The nearest tiles come first, in rings: with the limit that they leave most others need not be looked at. `gaps` has room
 * for a number for each tile.
 */
export function walkQuery(
  index: Side,
  part: i32,
  parts: i32,
  queries: Side,
  query: i32,
  gaps: usize,
  room: usize,
): void {
  const list = room + LIST;
  const limit = queries.limits + (<usize>query << 2);
  const least = measureGaps(index, part, parts, queries.fronts + ((<usize>query * <usize>queries.frontStride) << 1), gaps);
  walkRing(index, part, parts, queries, query, gaps, least + 1, list);
  for (let shift = 4; shift >= 0; shift -= 2) {
    walkRing(index, part, parts, queries, query, gaps, load<i32>(limit) >> shift, list);
  }
}

/** Writes how far tiles are from a point, see `halfGap`; returns the least. */
function measureGaps(index: Side, part: i32, parts: i32, point: usize, gaps: usize): i32 {
  const bytes = <usize>index.frontStride << 1;
  const tiles = (index.count + TILE - 1) / TILE;
  let least = VISITED - 1;
  for (let group = part * GROUP; group < tiles; group += parts * GROUP) {
    const end = min(group + GROUP, tiles);
    for (let tile = group; tile < end; tile++) {
      const box = boxOfTile(index, tile);
      const gap = halfGap(box, box + bytes, point, point, bytes);
      store<i32>(gaps + (<usize>tile << 2), gap);
      least = min(least, gap);
    }
  }
  return least;
}

/** Visits tiles with a gap below `bound`, and below the limit of the query as it falls. */
function walkRing(
  index: Side,
  part: i32,
  parts: i32,
  queries: Side,
  query: i32,
  gaps: usize,
  bound: i32,
  list: usize,
): void {
  const tiles = (index.count + TILE - 1) / TILE;
  const limit = queries.limits + (<usize>query << 2);
  for (let group = part * GROUP; group < tiles; group += parts * GROUP) {
    const end = min(group + GROUP, tiles);
    for (let tile = group; tile < end; tile++) {
      const place = gaps + (<usize>tile << 2);
      const gap = load<i32>(place);
      if (gap >= bound || gap >= load<i32>(limit)) continue;
      store<i32>(place, VISITED);
      visitTile(index, tile, queries, query, list);
    }
  }
}

function visitTile(index: Side, tile: i32, queries: Side, query: i32, list: usize): void {
  const bytes = <usize>index.frontStride << 1;
  const point = queries.fronts + <usize>query * bytes;
  const own = load<i32>(queries.frontHalves + (<usize>query << 2));
  const limit = queries.limits + (<usize>query << 2);
  const first = query & ~(TILE - 1);
  const end = min((tile + 1) * TILE, index.count);
  for (let block = tile * TILE; block < end; block += BLOCK) {
    const most = load<i32>(limit);
    const box = boxOfBlock(index, block);
    if (halfGap(box, box + bytes, point, point, bytes) >= most) continue;
    const last = scanForOne(
      index.lanes + <usize>block * (<usize>index.columns << 1),
      index.frontHalves + (<usize>block << 2),
      point,
      index.columns,
      -own - most,
      (query - first) << 8,
      list,
    );
    if (last > list) settlePairs(index, block, queries, first, false, list, last);
  }
}

/**
 * `scanBlock` for one point: writes to `list` which of the sixteen of a block may be near enough, each with `place` added.
 * Those are above `bound`, minus half of the query's own square less its limit.
 */
function scanForOne(
  lanes: usize,
  halves: usize,
  point: usize,
  columns: i32,
  bound: i32,
  place: i32,
  list: usize,
): usize {
  const end = lanes + (<usize>columns << 5);
  let a0 = v128.load(halves);
  let a1 = v128.load(halves, 16);
  let a2 = v128.load(halves, 32);
  let a3 = v128.load(halves, 48);
  for (; lanes < end; lanes += 128, point += 8) {
    const p = v128.load32_splat(point);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(p, v128.load(lanes)));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(p, v128.load(lanes, 16)));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(p, v128.load(lanes, 32)));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(p, v128.load(lanes, 48)));
    const q = v128.load32_splat(point, 4);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(q, v128.load(lanes, 64)));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(q, v128.load(lanes, 80)));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(q, v128.load(lanes, 96)));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(q, v128.load(lanes, 112)));
  }
  const least = i32x4.splat(bound);
  a0 = i32x4.gt_s(a0, least);
  a1 = i32x4.gt_s(a1, least);
  a2 = i32x4.gt_s(a2, least);
  a3 = i32x4.gt_s(a3, least);
  const near = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a0, a1), i16x8.narrow_i32x4_s(a2, a3));
  for (let bits = i8x16.bitmask(near); bits != 0; bits &= bits - 1, list += 4) store<i32>(list, place | ctz(bits));
  return list;
}
