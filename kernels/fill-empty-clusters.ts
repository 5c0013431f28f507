/**
 * Gives every cluster without points, in order, the point that is farthest from its centroid (`distances`, squared),
 * the lowest row of equally far ones, by writing its label. As scikit-learn relocates empty clusters; but a point alone
 * in its cluster stays, as taking it would only empty another one, and so does a point at distance 0.
 * Returns how many points it moved.
 */
export function fillEmptyClusters(labels: Int32Array, distances: Float64Array, k: number): number {
  const sizes = new Int32Array(k);
  let moved = 0;
  for (let i = 0; i < labels.length; i++) sizes[labels[i]]++;
  for (let empty = sizes.indexOf(0); empty !== -1; empty = sizes.indexOf(0, empty + 1)) {
    let farthest = -1;
    let distance = 0;
    for (let i = 0; i < labels.length; i++) {
      if (distances[i] > distance && sizes[labels[i]] > 1) {
        farthest = i;
        distance = distances[i];
      }
    }
    if (farthest === -1) break;
    sizes[labels[farthest]]--;
    sizes[empty] = 1;
    labels[farthest] = empty;
    moved++;
  }
  return moved;
}
