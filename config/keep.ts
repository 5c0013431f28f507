import { z } from 'zod';
import { milliseconds } from '../dag/duration.js';
import type { Duration } from '../dag/duration.js';

const DURATION = "Expected a length of time such as '90 days' or '12 hours'";

/** A length of time as people write it. */
export const durationText = z.custom<Duration>(
  (value) => {
    try {
      return typeof value === 'string' && milliseconds(value as Duration) >= 0;
    } catch {
      return false;
    }
  },
  { error: DURATION },
);

/** How long gc leaves things alone: docs/keeping.md. */
export const keepSchema = z
  .strictObject({
    /** How long the artifacts of a run stay, and what a partition was before it was replaced, for `revert`. */
    runs: durationText.default('90 days'),
    /** How old an object is before gc looks at it, and how long it then stays condemned before it goes. */
    grace: durationText.default('1 day'),
  })
  .prefault({});
