import { boxOfBlock, boxOfTile, halfGap, largestLimit, pickNear } from './knn-boxes';
import { scanBlock } from './knn-scan';
import { settlePairs } from './knn-settle';
import { BLOCK, Side, TILE } from './knn-side';

/** Where the places of all points of a tile are in the room of a thread, where those picked, and where pairs. */
const PICKS: usize = 256;
export const LIST: usize = PICKS + 512;

/** Compares the tiles `from` to `to` of a side with themselves, and with the `nearby` that come after each. */
export function walkNearby(side: Side, from: i32, to: i32, nearby: i32, tiles: i32, room: usize): void {
  for (let tile = from; tile < to; tile++) {
    for (let other = tile; other <= min(tile + nearby, tiles - 1); other++) {
      visitTiles(side, tile, side, other, true, room);
    }
  }
}

/** Compares tiles of a side with later ones of it, but for the `nearby` next ones. */
export function walkPairs(
  side: Side,
  from: i32,
  to: i32,
  otherFrom: i32,
  otherTo: i32,
  nearby: i32,
  room: usize,
): void {
  for (let tile = from; tile < to; tile++) {
    for (let other = max(otherFrom, tile + nearby + 1); other < otherTo; other++) {
      if (isNear(side, tile, side, other)) visitTiles(side, tile, side, other, true, room);
    }
  }
}

/** Looks among the tiles `from` to `to` of an index for neighbours of a tile of queries. */
export function walkQueries(index: Side, from: i32, to: i32, queries: Side, tile: i32, room: usize): void {
  for (let i = from; i < to; i++) {
    if (isNear(index, i, queries, tile)) visitTiles(index, i, queries, tile, false, room);
  }
}

/** Looks for neighbours of query `query` in the tile, among `from` to `to` of an index, that is nearest to it. */
export function startQuery(index: Side, from: i32, to: i32, queries: Side, query: i32, room: usize): void {
  const bytes = <usize>queries.frontStride << 1;
  const point = queries.fronts + <usize>query * bytes;
  let best = from;
  let least = i32.MAX_VALUE;
  for (let tile = from; tile < to && least > 0; tile++) {
    const box = boxOfTile(index, tile);
    const gap = halfGap(box, box + bytes, point, point, bytes);
    if (gap >= least) continue;
    least = gap;
    best = tile;
  }
  const picks = room + PICKS;
  const place = query % TILE;
  store<i32>(picks, place);
  store<i32>(picks, place, 4);
  const first = query - place;
  const end = min((best + 1) * TILE, index.count);
  for (let block = best * TILE; block < end; block += BLOCK) {
    compare(index, block, queries, first, false, picks, picks + 8, room + LIST);
  }
  const limits = queries.limits + (<usize>first << 2);
  store<i32>(queries.tileLimits + (<usize>(query / TILE) << 2), largestLimit(limits, TILE));
}

@inline
function isNear(side: Side, tile: i32, other: Side, otherTile: i32): bool {
  const bytes = <usize>side.frontStride << 1;
  const box = boxOfTile(side, tile);
  const otherBox = boxOfTile(other, otherTile);
  const limit = max(
    load<i32>(side.tileLimits + (<usize>tile << 2)),
    load<i32>(other.tileLimits + (<usize>otherTile << 2)),
  );
  return halfGap(box, box + bytes, otherBox, otherBox + bytes, bytes) < limit;
}

function visitTiles(side: Side, tile: i32, other: Side, otherTile: i32, isOwn: bool, room: usize): void {
  const bytes = <usize>side.frontStride << 1;
  const otherFirst = otherTile * TILE;
  const count = min(TILE, other.count - otherFirst);
  const otherBox = boxOfTile(other, otherTile);
  const otherTileLimit = other.tileLimits + (<usize>otherTile << 2);
  const end = min((tile + 1) * TILE, side.count);
  let kept = 0;
  for (let block = tile * TILE; block < end; block += BLOCK) {
    const box = boxOfBlock(side, block);
    const own = largestLimit(side.limits + (<usize>block << 2), BLOCK);
    const limit = max(own, load<i32>(otherTileLimit));
    const gap = halfGap(box, box + bytes, otherBox, otherBox + bytes, bytes);
    if (gap >= limit) continue;
    let picks = room;
    let lastPick = room + ((<usize>(count + 1) & ~1) << 2);
    // Boxes that overlap leave out few points.
    if (gap > limit >> 3) {
      picks = room + PICKS;
      lastPick = pickNear(other, otherFirst, count, box, own, picks);
    }
    kept += compare(side, block, other, otherFirst, isOwn, picks, lastPick, room + LIST);
  }
  if (kept == 0) return;
  store<i32>(otherTileLimit, largestLimit(other.limits + (<usize>otherFirst << 2), TILE));
  if (!isOwn) return;
  store<i32>(side.tileLimits + (<usize>tile << 2), largestLimit(side.limits + (<usize>(tile * TILE) << 2), TILE));
}

/** Compares a block of a side with points of another tile. Returns how many points lists have kept. */
function compare(
  side: Side,
  block: i32,
  other: Side,
  otherFirst: i32,
  isOwn: bool,
  picks: usize,
  lastPick: usize,
  list: usize,
): i32 {
  const place = <usize>block << 2;
  const otherPlace = <usize>otherFirst << 2;
  const bytes = <usize>other.frontStride << 1;
  const end = scanBlock(
    side.lanes + <usize>block * (<usize>side.columns << 1),
    side.frontHalves + place,
    side.limits + place,
    other.fronts + <usize>otherFirst * bytes,
    bytes,
    other.frontHalves + otherPlace,
    other.limits + otherPlace,
    side.columns,
    picks,
    lastPick,
    list,
  );
  return end == list ? 0 : settlePairs(side, block, other, otherFirst, isOwn, list, end);
}
