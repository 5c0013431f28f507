import type { Artifact } from './artifact.js';
import { artifactsIn } from './artifact.js';
import { keyChanges } from './cache-key.js';
import type { KeyFacts } from './cache-key.js';
import type { Dag, TaskSpec } from './dag.js';
import { figureChanges, figuresOf } from './figures.js';
import type { FigureChange } from './figures.js';
import { paramChanges } from './param-changes.js';
import type { RecordedRun } from './recorded-run.js';
import type { TaskEnding, TaskRecord } from './run-record.js';
import type { CheckState, TaskFailure } from './run-state.js';
import { fileChanges, filesIn } from './source-states.js';
import type { FileChange } from './source-states.js';

/** A run with all that it left. */
export interface WholeRun {
  readonly run: RecordedRun;
  /** By task: of those that succeeded. */
  readonly records: ReadonlyMap<string, TaskRecord>;
}

/** An artifact of a run, beside the one of the run it is compared with. */
export interface MadeArtifact {
  readonly artifact: Artifact;
  /** Whether that one gave the same bytes, of whichever task. */
  readonly same: boolean;
}

export interface ExplainedTask extends TaskEnding {
  readonly task: string;
  /** Why it was computed, cached, or did not run. */
  readonly why: string;
  readonly error?: TaskFailure;
  readonly check?: CheckState;
  /** What it said of itself in the run it is compared with. */
  readonly noteBefore: string | null;
  readonly figures: readonly FigureChange[];
  readonly artifacts: readonly MadeArtifact[];
  /** What it read from outside. */
  readonly files: readonly FileChange[];
  /** It waits for the outside, or reads from there. */
  readonly isInput: boolean;
}

export interface Explanation {
  readonly run: RecordedRun;
  readonly against: RecordedRun | null;
  readonly tasks: readonly ExplainedTask[];
  readonly paramChanges: readonly string[];
  readonly versionChanges: readonly string[];
}

/**
 * Why a run came out as it did: task by task why it was computed or cached, and what differs from another run. `earlier`
 * are the runs of the same date before it, the newest first: what they remembered, this one need not compute.
 */
export function explainRun(
  dag: Dag,
  whole: WholeRun,
  against: WholeRun | undefined,
  earlier: readonly WholeRun[],
): Explanation {
  const { run } = whole;
  const others = Object.keys(run.tasks).filter((id) => dag.tasks.every((task) => task.id !== id));
  const tasks = [...dag.tasks.map(({ id }) => id), ...others].filter((id) => run.tasks[id] !== undefined);
  const known = new Set(
    [...(against?.records.values() ?? [])].flatMap(({ output }) => artifactsIn(output)).map(sha256),
  );
  return {
    run,
    against: against?.run ?? null,
    tasks: tasks.map((id) => explainTask(dag, id, { whole, against, earlier, known })),
    paramChanges: against === undefined || run.params === null ? [] : paramChanges(against.run.params, run.params),
    versionChanges: versionChanges(against?.run, run),
  };
}

const sha256 = ({ sha256 }: Artifact): string => sha256;

interface Context {
  readonly whole: WholeRun;
  readonly against: WholeRun | undefined;
  readonly earlier: readonly WholeRun[];
  /** Content of the run it is compared with. */
  readonly known: ReadonlySet<string>;
}

function explainTask(dag: Dag, id: string, context: Context): ExplainedTask {
  const { whole, against, known } = context;
  const { run, records } = whole;
  const ending = run.tasks[id] ?? { state: 'excluded' };
  const [record, before] = [records.get(id), against?.records.get(id)];
  const spec = dag.tasks.find((task) => task.id === id);
  const error = run.errors[id];
  const check = run.checks[id];
  const files = filesIn(record?.key?.reads);
  return {
    ...ending,
    task: id,
    ...(error === undefined ? {} : { error }),
    ...(check === undefined ? {} : { check }),
    why: whyOf(spec, ending, record, context),
    noteBefore: before?.note ?? null,
    figures: record === undefined || before === undefined ? [] : changesOf(before, record),
    artifacts: artifactsIn(record?.output).map((artifact) => ({ artifact, same: known.has(artifact.sha256) })),
    files: record === undefined ? [] : fileChanges(filesBefore(before), files),
    isInput: spec?.kind.is === 'sensor' || record?.key?.fingerprint !== undefined,
  };
}

const changesOf = (before: TaskRecord, after: TaskRecord): readonly FigureChange[] =>
  figureChanges(figuresOf(before.output), figuresOf(after.output));

function filesBefore(before: TaskRecord | undefined): ReturnType<typeof filesIn> | undefined {
  return before?.key?.reads === undefined ? undefined : filesIn(before.key.reads);
}

function whyOf(
  spec: TaskSpec | undefined,
  ending: TaskEnding,
  record: TaskRecord | undefined,
  context: Context,
): string {
  const { task = '' } = record ?? {};
  const { plan } = context.whole.run;
  if (ending.state !== 'success') return ending.note ?? '';
  if (record === undefined) return '';
  const planned = plan?.tasks[task];
  if (planned === 'pinned') return `pinned to run ${plan?.reuse?.split('/').at(-1) ?? ''}`;
  if (planned === 'refresh') return 'asked to be computed anew';
  if (spec?.kind.is === 'sensor') return 'looks in every run';
  if (spec?.kind.is === 'publish') return 'made sure of in every run';
  if (spec?.options.cache === 'never') return 'runs in every run';
  if (spec?.kind.is === 'map') return itemsWhy(ending);
  if (record.key === undefined) return '';
  return ending.cached === true ? whyCached(task, record.key, context) : whyComputed(task, record.key, context);
}

function itemsWhy({ items }: TaskEnding): string {
  return Object.entries(items ?? {})
    .map(([end, count]) => `${count} ${end === 'success' ? 'computed' : end}`)
    .join(', ');
}

function whyCached(task: string, key: KeyFacts, { earlier, against }: Context): string {
  const twin = earlier.find(({ records }) => isSame(records.get(task)?.key, key));
  if (twin !== undefined) return 'the same inputs as in an earlier run of this date';
  if (against !== undefined && isSame(against.records.get(task)?.key, key)) {
    return `the same inputs as for ${against.run.fecha}`;
  }
  return 'these inputs were computed before';
}

function whyComputed(task: string, key: KeyFacts, { earlier, against }: Context): string {
  const last = earlier.find(({ records }) => records.get(task)?.key !== undefined);
  const lastKey = last?.records.get(task)?.key;
  if (last !== undefined && lastKey !== undefined) return since('the last run of this date', lastKey, key);
  const before = against?.records.get(task)?.key;
  if (against !== undefined && before !== undefined) return since(`${against.run.fecha}`, before, key);
  return 'no earlier result to compare with';
}

function since(what: string, before: KeyFacts, after: KeyFacts): string {
  // Texts stand in quotes in a key: dates are plain enough without.
  const changes = keyChanges(before, after).map((change) => change.replaceAll(/"(\d{4}-\d{2}-\d{2})"/g, '$1'));
  if (changes.length > 0) return `since ${what}: ${changes.join('; ')}`;
  return `nothing changed since ${what}, but its result was not remembered, or was asked for anew`;
}

const isSame = (a: KeyFacts | undefined, b: KeyFacts): boolean => a !== undefined && keyChanges(a, b).length === 0;

function versionChanges(before: RecordedRun | undefined, after: RecordedRun): readonly string[] {
  const [was, is] = [before?.versions, after.versions];
  if (was === undefined || was === null || is === null) return [];
  const names = ['segmenta', 'build', 'engine'] as const;
  return names
    .filter((name) => was[name] !== is[name])
    .map((name) => `${name}: ${was[name] ?? 'none'} -> ${is[name] ?? 'none'}`);
}
