import { type FitWork, LABELLING_ROOM } from './kmeans-arrays.js';
import { FIELDS, LABELLING_FIELDS } from './labelling-fields.js';
import type { Units } from './prepare-on-crew.js';

/** Writes what the labelling on this thread works on; returns where it is. */
export function writeLabelling(work: FitWork, { unit }: Units, k: number): number {
  const { crew, stride, relative, pointsAt, at, of } = work;
  const own = (place: { readonly offset: number }, values: number, bytes: number): number =>
    place.offset + crew.index * values * bytes;
  const values: { readonly [F in keyof typeof FIELDS]: number } = {
    points: pointsAt.points.offset,
    whole: pointsAt.whole.offset,
    norms: pointsAt.norms.offset,
    stride,
    k,
    centroids: at.centroids.offset,
    rounded: at.rounded.offset,
    wholeRows: at.wholeRows.offset,
    wholeNorms: at.wholeNorms.offset,
    drifts: at.drifts.offset,
    driftsBelow: at.driftsBelow.offset,
    drift: at.drift.offset,
    labels: at.labels.offset,
    upper: at.upper.offset,
    bounds: at.bounds.offset,
    sums: own(at.changedSums, k * stride, 8),
    counts: own(at.changedCounts, k, 4),
    room: own(at.room, LABELLING_ROOM, 4),
    relative,
    absolute: of.control[1],
    units: 1 / unit,
    error: of.control[2],
  };
  const start = crew.index * LABELLING_FIELDS;
  const floats = new Float32Array(of.labelling.buffer, of.labelling.byteOffset, of.labelling.length);
  for (const [i, [field, type]] of Object.entries(FIELDS).entries()) {
    // `field` is a key of FIELDS, which `entries` forgets.
    const value = values[field as keyof typeof FIELDS];
    if (type === 'f32') floats[start + i] = value;
    else of.labelling[start + i] = value;
  }
  return own(at.labelling, LABELLING_FIELDS, 4);
}
