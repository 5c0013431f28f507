import { defineActivity } from '../define-activity.js';
import type { Audience } from './handles.js';

export interface CollectAudiencesInput {
  /** Of a map that failed, those that could be made; undefined where it could not run. */
  readonly audiences: readonly Audience[] | undefined;
}

/** The audiences that could be made, whatever became of the others: one that cannot be made holds up no other. */
export const collectAudiences = defineActivity<CollectAudiencesInput, { readonly audiences: readonly Audience[] }>({
  version: 1,
  cache: 'by-content',
  async run({ audiences }) {
    if (audiences === undefined) return { skip: 'no audience could be begun' };
    return {
      output: { audiences },
      note:
        audiences
          .map(({ name }) => name)
          .join(', ')
          .slice(0, 120) || 'no audience',
    };
  },
});
