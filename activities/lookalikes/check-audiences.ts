import type { CheckResult } from '../../dag/pipeline.js';
import { defineActivity } from '../define-activity.js';
import type { Audience } from './handles.js';
import type { PublishedAudiences } from './publish-audiences.js';

export interface CheckAudiencesInput {
  /** All of the configuration: while one could not be made, this check cannot run, and so the run has failed. */
  readonly audiences: readonly Audience[];
  readonly held: PublishedAudiences['held'];
}

/** A check: every audience of the configuration was made, and none waits for somebody to confirm its size. */
export const checkAudiences = defineActivity<CheckAudiencesInput, CheckResult>({
  version: 1,
  cache: 'by-content',
  async run({ audiences, held }) {
    const figures = { audiences: audiences.length, held: held.length };
    const message =
      held.length === 0
        ? 'every audience is published'
        : `held, until somebody confirms it: ${held.map(({ audiencia, motivo }) => `${audiencia} (${motivo})`).join(', ')}`;
    return { output: { passed: held.length === 0, figures, message }, note: message.slice(0, 120) };
  },
});
