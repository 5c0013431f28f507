import { describe, expect, it } from 'vitest';
import { priorityWarning } from '../../../infra/priority-support.js';

describe('the warning that a server may not order tasks by priority', () => {
  it.each(['1.9.0', '1.24.2', '1.27.4'])('asks for a newer server than %s', (version) => {
    expect(priorityWarning(version)).toBe(
      `Temporal server ${version} takes no notice of priorities: tasks run in the order they came. ` +
        'Upgrade it to 1.28 or later (docs/cluster.md)',
    );
  });

  it.each(['1.28.0', '1.29.1', '1.30.6'])('asks operators of %s to turn priorities on', (version) => {
    expect(priorityWarning(version)).toBe(
      `Temporal server ${version} takes no notice of priorities: tasks run in the order they came, unless its dynamic ` +
        'configuration sets matching.useNewMatcher, which cannot be seen from here (docs/cluster.md)',
    );
  });

  it.each(['1.31.0', '1.32.0', '1.100.0', '2.0.0'])('is not for %s, which orders them by default', (version) => {
    expect(priorityWarning(version)).toBeUndefined();
  });

  it.each(['1.30.0-148.3', '1.29.0-rc.1', '', 'dev', undefined])(
    'is not for %j, of which nothing is known',
    (version) => {
      expect(priorityWarning(version)).toBeUndefined();
    },
  );
});
