import { isKey } from '../../lake/object-store.js';
import { InvalidKey } from '../../lake/store-errors.js';
import { defineSensor } from '../define-activity.js';

export interface ObjectWanted {
  /** Key below the lake's root; `{fecha}` stands for the date: `raw/ventas-{fecha}.csv`. */
  readonly key: string;
  readonly fecha: string;
}

export interface ObjectFound {
  readonly key: string;
  readonly bytes: number;
  /** Changes when the object does: whoever takes it computes anew for a new object. */
  readonly etag: string;
}

/** A sensor: an object in the lake. */
export const waitForObject = defineSensor<ObjectWanted, ObjectFound>(1, async ({ key: pattern, fecha }, { store }) => {
  const key = pattern.replaceAll('{fecha}', fecha);
  if (!isKey(key))
    throw new InvalidKey(`Expected the key of an object in lake ${store.url}, got ${JSON.stringify(key)}`);
  const found = await store.head(key);
  if (found === undefined) return { notYet: `no object ${key} in lake ${store.url}` };
  const { bytes, etag } = found;
  return { output: { key, bytes, etag }, note: `${key}, ${bytes.toLocaleString('en')} bytes` };
});
