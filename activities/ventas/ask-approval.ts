import { defineActivity } from '../define-activity.js';
import type { StoreSummary } from './summarize-store.js';

/** Says what there is to approve; on an ordinary day there is nothing. */
export const askApproval = defineActivity<
  { readonly summaries: readonly StoreSummary[]; readonly approveAbove: number },
  { readonly total: number }
>({
  version: 1,
  cache: 'by-content',
  async run({ summaries, approveAbove }) {
    const total = summaries.reduce((sum, { centavos }) => sum + centavos, 0) / 100;
    if (total <= approveAbove) return { skip: `${total} is not above ${approveAbove}` };
    return { output: { total }, note: `${total} is above ${approveAbove}: somebody has to approve it` };
  },
});
