/** The fields of `Labelling` in `kernels/wasm/assembly/labelling.ts`, which says what each is, in its order. */
export const FIELDS = {
  points: 'i32',
  whole: 'i32',
  norms: 'i32',
  stride: 'i32',
  k: 'i32',
  centroids: 'i32',
  rounded: 'i32',
  wholeRows: 'i32',
  wholeNorms: 'i32',
  drifts: 'i32',
  driftsBelow: 'i32',
  drift: 'i32',
  labels: 'i32',
  upper: 'i32',
  bounds: 'i32',
  sums: 'i32',
  counts: 'i32',
  room: 'i32',
  relative: 'f32',
  absolute: 'f32',
  units: 'f32',
  error: 'f32',
} as const;

/** So many of four bytes. */
export const LABELLING_FIELDS = Object.keys(FIELDS).length;
