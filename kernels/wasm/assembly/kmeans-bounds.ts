/**
 * Bounds of distances in whole units of 16 bits, one for each point and centroid: a distance is not below its bound less the drift of
 * the centroid. They lie in blocks of `ROWS` points: first the bounds of the block's points for the first centroid, then
 * for the second. That of the own centroid is 65,535.
 */

/** Points of a block. */
export const ROWS: i32 = 256;

/** From a bound to that of the same point for the next centroid, in bytes. */
export const NEXT: usize = 512;

/** More than any limit, see `kmeans-assign.ts`, also less a drift. */
export const OWN: u16 = 65535;

/** Where the bounds of the block begin that begins with point `start`. */
@inline
export function blockOf(bounds: usize, start: i32, k: i32): usize {
  return bounds + ((<usize>start * <usize>k) << 1);
}

/** Where the bound of point `at` of a block is for a centroid. */
@inline
export function boundOf(block: usize, at: i32, centroid: i32): usize {
  return block + <usize>centroid * NEXT + (<usize>at << 1);
}

/** Brings the bounds of the points `from` to `to` up to date, so that the centroids have not drifted since. */
export function settleBounds(
  from: i32,
  to: i32,
  k: i32,
  drifts: usize,
  drift: usize,
  labels: usize,
  upper: usize,
  bounds: usize,
): void {
  for (let start = from; start < to; start += ROWS) {
    const block = blockOf(bounds, start, k);
    const end = block + <usize>k * NEXT;
    for (let at = block, moved = drift; at < end; moved += 16) {
      const by = v128.load(moved);
      for (const last = at + NEXT; at < last; at += 16) v128.store(at, i16x8.sub_sat_u(v128.load(at), by));
    }
    for (let i = start; i < min(start + ROWS, to); i++) {
      const place = <usize>i << 2;
      const label = load<i32>(labels + place);
      store<i32>(upper + place, load<i32>(upper + place) + load<i32>(drifts + (<usize>label << 2)));
      store<u16>(boundOf(block, i - start, label), OWN);
    }
  }
}

/**
 * Of the points `from` to `to`, makes every bound but the own one the least of them, so that the centroids can be renumbered:
 * `ranks` has for each its new number.
 */
export function renumber(from: i32, to: i32, k: i32, ranks: usize, labels: usize, bounds: usize): void {
  for (let start = from; start < to; start += ROWS) {
    const block = blockOf(bounds, start, k);
    const end = block + <usize>k * NEXT;
    for (let first = block; first < block + NEXT; first += 16) {
      let least = i16x8.splat(-1);
      for (let at = first; at < end; at += NEXT) least = i16x8.min_u(least, v128.load(at));
      v128.store(first, least);
    }
    for (let i = start; i < min(start + ROWS, to); i++) {
      const place = labels + (<usize>i << 2);
      store<i32>(place, load<i32>(ranks + (<usize>load<i32>(place) << 2)));
    }
    spreadBounds(start, min(start + ROWS, to), k, labels, block);
  }
}

/** Makes the bounds for the first centroid those for all but the own one, of the points `from` to `to` of one block. */
export function spreadBounds(from: i32, to: i32, k: i32, labels: usize, block: usize): void {
  for (let c = 1; c < k; c++) memory.copy(block + <usize>c * NEXT, block, NEXT);
  for (let i = from; i < to; i++) {
    store<u16>(boundOf(block, i - from, load<i32>(labels + (<usize>i << 2))), OWN);
  }
}
