import type { Connection } from '@temporalio/client';

/** First server with a matcher that looks at priorities, and first one that uses it without being told to. */
const KNOWN_SINCE = 28;
const DEFAULT_SINCE = 31;

/**
 * What to tell an operator whose server may run tasks in the order they came, whatever their priorities; undefined where
 * it does order them. Nothing is said of versions that are no release, such as Temporal Cloud's builds (`1.32.0-161.1`):
 * their configuration is not the default one.
 */
export function priorityWarning(version: string | undefined): string | undefined {
  const release = /^(\d+)\.(\d+)\.\d+$/.exec(version ?? '');
  if (release === null || Number(release[1]) !== 1) return undefined;
  const minor = Number(release[2]);
  if (minor >= DEFAULT_SINCE) return undefined;
  const hint = `Temporal server ${version} takes no notice of priorities: tasks run in the order they came`;
  return minor < KNOWN_SINCE
    ? `${hint}. Upgrade it to 1.${KNOWN_SINCE} or later (docs/cluster.md)`
    : `${hint}, unless its dynamic configuration sets matching.useNewMatcher, which cannot be seen from here (docs/cluster.md)`;
}

/** The version of the server that answers; undefined where it does not tell, which is no reason not to work with it. */
export async function serverVersion({
  workflowService,
}: Pick<Connection, 'workflowService'>): Promise<string | undefined> {
  const told = await workflowService.getSystemInfo({}).catch(() => undefined);
  return told?.serverVersion;
}
