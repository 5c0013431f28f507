import { defineActivity } from '../define-activity.js';

/** Leaves a file that the owner of the data looks for: something before it failed. */
export const alertOwner = defineActivity<{ readonly fecha: string }, { readonly key: string }>({
  version: 1,
  cache: 'never',
  async run({ fecha }, { store, run }) {
    const key = `alerts/ventas/${fecha}.json`;
    await store.write(key, JSON.stringify({ fecha, run }));
    return { output: { key }, note: key };
  },
});
