import { userInfo } from 'node:os';
import { Option } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import type { Dag, Priority } from '../dag/dag.js';
import { planRun } from '../dag/run-plan.js';
import type { PlanRequest, ReusedRun, RunPlan } from '../dag/run-plan.js';
import { recordFolder, recordsOf } from '../dag/run-record.js';
import { selectTasks } from '../dag/select-tasks.js';
import type { ObjectStore } from '../lake/object-store.js';
import { readRunRecord, readTaskRecord, recordedRuns, recordedTasks } from '../lake/run-records.js';

/** What `run` can be asked beyond the whole DAG. */
export interface PlanOptions {
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  readonly from?: string;
  readonly failed?: true;
  readonly reuse?: string;
  readonly refresh?: readonly string[];
  readonly holdOnFailure?: true;
  readonly priority?: Priority;
}

/**
 * The plan of a run. `--from` and `--failed` pin what the reused run brought to success and run the rest; `--select` runs
 * a part, with what it takes pinned where `--reuse` says from which run. The newest run of the date is the one reused
 * where none is said.
 */
export async function requestedPlan(
  store: ObjectStore,
  dag: Dag,
  fecha: string,
  options: PlanOptions,
): Promise<RunPlan> {
  const { select, exclude, from, failed, reuse, refresh, holdOnFailure: hold = false, priority } = options;
  if ([from, failed, select ?? exclude].filter((said) => said !== undefined).length > 1) {
    throw new BadConfig('Expected one of --from, --failed and --select, got several');
  }
  const wantsRecord = reuse !== undefined || from !== undefined || failed === true;
  const record = wantsRecord ? await reusedRecord(store, dag, fecha, reuse) : undefined;
  const reused = record === undefined ? undefined : await reusedRun(store, dag, record);
  const selected = selectionOf(dag, options, reused);
  const request: PlanRequest = {
    hold,
    ...(selected === undefined ? {} : { select: selected }),
    ...(refresh === undefined ? {} : { refresh: selectTasks(dag, { select: refresh }) }),
    ...(reused === undefined ? {} : { reuse: reused }),
    ...(priority === undefined ? {} : { priority }),
  };
  return planRun(dag, request);
}

function selectionOf(
  dag: Dag,
  { select, exclude, from, failed }: PlanOptions,
  reused: ReusedRun | undefined,
): ReadonlySet<string> | undefined {
  if (select !== undefined || exclude !== undefined) {
    return selectTasks(dag, { select, exclude });
  }
  if (from === undefined && failed === undefined) return undefined;
  // What the earlier run did not bring to success has to run as well, wherever it lies.
  const done = (id: string): boolean => reused?.succeeded.has(id) === true || reused?.skipped.has(id) === true;
  const rest = dag.tasks.flatMap(({ id }) => (done(id) ? [] : [id]));
  const first = from === undefined ? rest : [from, ...rest];
  if (first.length > 0) return selectTasks(dag, { select: first.map((id) => `${id}+`) });
  throw new BadConfig(
    `Expected a run of ${dag.id} with tasks that did not succeed, got one that succeeded: nothing to run`,
  );
}

/**
 * A task that was worked on to an end left a record, and its run may still have counted it as something else: a check that
 * did not pass, a task that an operator skipped meanwhile. A run that was killed left no record of its own: of its tasks
 * only the checks say more.
 */
async function reusedRun(store: ObjectStore, dag: Dag, record: string): Promise<ReusedRun> {
  const [recorded, run] = await Promise.all([recordedTasks(store, record), readRunRecord(store, record)]);
  const ended = run === undefined ? await passedTasks(store, dag, record, recorded) : (run.tasks.success ?? []);
  const succeeded = new Set(ended.filter((id) => recorded.has(id)));
  return { record, succeeded, skipped: new Set(run?.tasks.skipped) };
}

async function passedTasks(
  store: ObjectStore,
  dag: Dag,
  record: string,
  recorded: ReadonlySet<string>,
): Promise<readonly string[]> {
  const passed = dag.tasks.map(async ({ id, kind }) => {
    if (kind.is !== 'check' || !recorded.has(id)) return [id];
    const result = await readTaskRecord(store, record, id);
    return isFailedCheck(kind.severity, result?.output) ? [] : [id];
  });
  return (await Promise.all(passed)).flat();
}

const isFailedCheck = (severity: 'block' | 'warn', output: unknown): boolean =>
  severity === 'block' && typeof output === 'object' && output !== null && 'passed' in output && output.passed !== true;

async function reusedRecord(store: ObjectStore, dag: Dag, fecha: string, said: string | undefined): Promise<string> {
  const folders = await recordedRuns(store, dag.id, fecha);
  const wanted = said === undefined || said === 'latest' ? folders[0] : recordFolder(dag.id, fecha, said);
  if (wanted !== undefined && folders.includes(wanted)) return wanted;
  const runs = folders.map((folder) => folder.slice(recordsOf(dag.id, fecha).length + 1));
  if (runs.length === 0)
    throw new BadConfig(`No run of ${dag.id} for ${fecha} left a record in lake ${store.url}: nothing to reuse`);
  throw new BadConfig(`--reuse: Expected a run of ${dag.id} for ${fecha} (${runs.join(', ')}), got '${said}'`);
}

const collect = (said: string, before: readonly string[] = []): readonly string[] => [...before, said];

/** The options of `PlanOptions`, for commander. */
export const planOptions = (): Option[] => [
  new Option(
    '--select <tasks>',
    "a part of the DAG, in dbt's words: task, +task, task+, @task; may come again",
  ).argParser(collect),
  new Option('--exclude <tasks>', 'all but these').argParser(collect),
  new Option('--from <task>', 'this task and all after it; what an earlier run made before it is reused'),
  new Option('--failed', 'what an earlier run did not bring to success'),
  new Option('--reuse <run>', 'the earlier run, by its run id; default: the newest of the date'),
  new Option('--refresh <tasks>', 'compute these whatever is remembered; may come again').argParser(collect),
  new Option('--hold-on-failure', 'where a task fails, wait for an operator instead of failing'),
  new Option('--priority <1..5>', '1 goes first; above what the tasks say').argParser(parsePriority),
];

function parsePriority(text: string): Priority {
  const priority = Number(text);
  if (priority === 1 || priority === 2 || priority === 3 || priority === 4 || priority === 5) return priority;
  throw new BadConfig(`--priority: Expected 1..5, got '${text}'`);
}

/** Who is at the keyboard, for the audit. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
