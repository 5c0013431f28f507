// Backfills of a DAG with one task, whose work each test says.
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { datesIn } from '../../dag/backfill-state.js';
import { datesOf } from '../../dag/date-range.js';
import { PermanentError } from '../../dag/permanent-error.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { visitDag } from '../contract/contract-dags.js';
import { beating, gate, untilStopped } from '../contract/contract-run.js';
import type { AttemptContext } from '../contract/contract-run.js';
import { readRunRecord, recordedRuns } from '../../lake/run-records.js';
import {
  actOnBackfillBy,
  backfillState,
  datesOfBackfill,
  failureOfRun,
  startBackfill,
  untilDates,
} from '../support/backfill-run.js';
import { actOn, startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';

let worker: ContractWorker;

beforeAll(async () => {
  worker = await startContractWorker({ address: inject('temporalAddress') });
});

afterAll(() => worker.close());

let year = 2000;
let dates: readonly string[] = [];
/** What was computed, in the order in which it began. */
let visited: string[] = [];
let atWork = 0;
let most = 0;
let gates = new Map<string, ReturnType<typeof gate>>();

/** The work of a date waits for its gate, where the test has made one. */
const gateOf = (fecha = ''): ReturnType<typeof gate> => {
  const known = gates.get(fecha) ?? gate();
  gates.set(fecha, known);
  return known;
};

const visit = async ({ fecha = '' }: { fecha: string | undefined }, context: AttemptContext): Promise<string> => {
  visited.push(fecha);
  atWork += 1;
  most = Math.max(most, atWork);
  try {
    await beating(context, gates.get(fecha)?.opened ?? Promise.resolve());
    return `visited ${fecha}`;
  } finally {
    atWork -= 1;
  }
};

// Every test has dates of its own: a date has one run at a time, whoever wants it.
beforeEach(() => {
  year += 1;
  dates = datesOf({ from: `${year}-01-01`, to: `${year}-12-31`, every: { count: 1, unit: 'week' } });
  visited = [];
  most = 0;
  gates = new Map();
  worker.behave({ visit });
});

const first = (count: number): readonly string[] => dates.slice(0, count);
const shut = (fechas: readonly string[]): void => fechas.forEach((fecha) => gateOf(fecha));
const open = (fechas: readonly string[]): void => fechas.forEach((fecha) => gateOf(fecha).open());
const runOf = (fecha = ''): WorkflowHandle => worker.client.workflow.getHandle(`${visitDag.id}/${fecha}`);
const startRun = async (fecha = ''): Promise<WorkflowHandle> =>
  worker.start(visitDag, { start: 1, fecha }, { workflowId: `${visitDag.id}/${fecha}` });

describe('a backfill', () => {
  it('runs every date once, in order, so many at a time, and computes nothing where it is run again', async () => {
    const handle = await startBackfill(worker, `all-${year}`, first(8), { maxRuns: 3 });
    expect(await handle.result()).toMatchObject({ dates: '8 dates: 8 success', counts: { success: 8 } });
    expect(visited.toSorted()).toEqual(first(8));
    expect(visited.slice(0, 3).toSorted()).toEqual(first(3));
    expect(most).toBeLessThanOrEqual(3);
    const again = await startBackfill(worker, `all-${year}`, first(8));
    expect(await again.result()).toMatchObject({ dates: '8 dates: 8 cached' });
    expect(visited).toHaveLength(8);
  });

  it('says of each run, in its record and to the server, which backfill it is of', async () => {
    const [fecha = ''] = dates;
    const handle = await startBackfill(worker, `told-${year}`, [fecha]);
    await handle.result();
    const [folder = ''] = await recordedRuns(worker.store, visitDag.id, fecha);
    const record = await readRunRecord(worker.store, folder);
    expect(record?.origin).toEqual({ kind: 'backfill', backfill: `visit/told-${year}` });
    expect(record?.plan.priority).toBe(5);
    const searchable = { Dag: ['visit'], RunKind: ['backfill'], BackfillId: [`visit/told-${year}`] };
    expect((await runOf(fecha).describe()).searchAttributes).toMatchObject({ ...searchable, FechaModelo: [fecha] });
    expect((await handle.describe()).searchAttributes).toMatchObject(searchable);
  });

  it('goes on after a date that failed, and fails at its end with what failed', async () => {
    const [one, bad, three] = first(3);
    worker.behave({
      visit: async (input, context) => {
        if (input.fecha === bad) throw new PermanentError('no such rows');
        return visit(input, context);
      },
    });
    const handle = await startBackfill(worker, `bad-${year}`, first(3), { maxRuns: 1 });
    expect(await failureOfRun(handle)).toBe(`1 of 3 dates failed: ${bad} (visit failed: PermanentError: no such rows)`);
    expect(await datesOfBackfill(handle)).toEqual([`${one} success`, `${bad} failed`, `${three} success`]);
  });

  it('refuses what is no plan, and no date of it is run', async () => {
    const handle = await startBackfill(worker, `none-${year}`, [dates[0] ?? '', dates[0] ?? '']);
    expect(await failureOfRun(handle)).toBe('the plan of a backfill: dates: Expected every date once');
    expect(visited).toEqual([]);
  });
});

describe('a date that is running already', () => {
  it('is followed to its end, takes a place, and is not run twice', async () => {
    const [busy = '', two = '', three = ''] = first(3);
    shut([busy, two]);
    const manual = await startRun(busy);
    await expect.poll(() => visited).toEqual([busy]);
    const handle = await startBackfill(worker, `joins-${year}`, first(3));
    await untilDates(handle, 'running', [busy, two]);
    await expect.poll(async () => (await backfillState(handle)).dates[busy]).toMatchObject({ joined: true });
    await expect.poll(() => visited).toEqual([busy, two]);
    open([busy]);
    await manual.result();
    await untilDates(handle, 'success', [busy, three]);
    open([two]);
    expect(await handle.result()).toMatchObject({ dates: '3 dates: 3 success' });
    expect(visited.toSorted()).toEqual([busy, two, three]);
  });

  it('of two backfills over overlapping ranges is computed once, whoever comes first', async () => {
    const handles = await Promise.all([
      startBackfill(worker, `left-${year}`, dates.slice(0, 12), { maxRuns: 3 }),
      startBackfill(worker, `right-${year}`, dates.slice(4, 16).toReversed(), { maxRuns: 3 }),
    ]);
    await Promise.all(handles.map((handle) => handle.result()));
    expect(visited.toSorted()).toEqual(dates.slice(0, 16));
    const states = await Promise.all(handles.map(backfillState));
    const computed = states
      .flatMap(({ dates }) => Object.values(dates))
      .filter(({ computed, joined }) => computed === 1 && joined !== true);
    expect(computed).toHaveLength(16);
  });
});

describe('a run that is held', () => {
  const holding = { options: { hold: true }, maxRuns: 1 } as const;
  const failingAt = (bad: string): void =>
    worker.behave({
      visit: async (input, context) => {
        if (input.fecha === bad && context.attempt === 1) throw new PermanentError('no such rows');
        return visit(input, context);
      },
    });

  it('gives its place to the next date, and is followed to its end once it goes on', async () => {
    const [bad = '', two = '', three = ''] = first(3);
    failingAt(bad);
    const handle = await startBackfill(worker, `holds-${year}`, first(3), holding);
    await untilDates(handle, 'success', [two, three]);
    await untilDates(handle, 'held', [bad]);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    shut([bad]);
    expect(await actOn(runOf(bad), { do: 'retry', task: 'visit' })).toBeUndefined();
    await untilDates(handle, 'running', [bad]);
    open([bad]);
    expect(await handle.result()).toMatchObject({ dates: '3 dates: 3 success' });
  });

  it('of another is seen as well', async () => {
    const [bad = '', two = ''] = first(2);
    failingAt(bad);
    const manual = await worker.start(
      visitDag,
      { start: 1, fecha: bad },
      {
        workflowId: `visit/${bad}`,
        plan: { tasks: { visit: 'run' }, hold: true },
      },
    );
    const handle = await startBackfill(worker, `sees-${year}`, first(2), { maxRuns: 1 });
    await untilDates(handle, 'held', [bad]);
    await untilDates(handle, 'success', [two]);
    await actOn(manual, { do: 'release' });
    expect(await failureOfRun(handle)).toMatch(`1 of 2 dates failed: ${bad} (visit failed`);
  });
});

describe('an operator', () => {
  it('pauses, resumes and resizes a backfill; what does not fit is refused, and all of it is in the audit', async () => {
    const [one = '', two = ''] = dates;
    shut(first(4));
    const handle = await startBackfill(worker, `acts-${year}`, first(4), { maxRuns: 1 });
    await untilDates(handle, 'running', [one]);
    expect(await actOnBackfillBy(handle, 'resume')).toBe('it is not paused');
    expect(await actOnBackfillBy(handle, 'resize', { maxRuns: 0 })).toMatch('Expected max runs to be 1..100, got 0');
    expect(await actOnBackfillBy(handle, 'pause', { who: ' ' } as never)).toMatch(/who, why.*who: /);
    expect(await actOnBackfillBy(handle, 'pause')).toBeUndefined();
    open([one]);
    await untilDates(handle, 'success', [one]);
    expect(await datesOfBackfill(handle)).toContain(`${two} waiting`);
    await actOnBackfillBy(handle, 'resize', { maxRuns: 3 });
    expect(datesIn(await backfillState(handle), 'running')).toEqual([]);
    await actOnBackfillBy(handle, 'resume');
    await untilDates(handle, 'running', dates.slice(1, 4));
    open(first(4));
    await handle.result();
    const { audit } = await backfillState(handle);
    expect(audit.map(({ action, who, why }) => `${action} by ${who}: ${why}`)).toEqual(
      ['pause', 'resize to 3', 'resume'].map((action) => `${action} by Eva: a test`),
    );
  });

  it('cancels a backfill with the runs that it started; one that it joined goes on', async () => {
    const [busy = '', own = '', never = ''] = first(3);
    shut([busy]);
    worker.behave({
      visit: async (input, context) => (input.fecha === own ? untilStopped(context) : visit(input, context)),
    });
    const manual = await startRun(busy);
    const handle = await startBackfill(worker, `stops-${year}`, first(3));
    await untilDates(handle, 'running', [busy, own]);
    await expect
      .poll(async () => (await runOf(own).query(progressQuery)).tasks, { timeout: 30_000 })
      .toMatchObject({ visit: { state: 'running' } });
    await actOnBackfillBy(handle, 'cancel');
    await failureOfRun(handle);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await datesOfBackfill(handle)).toEqual([`${busy} running`, `${own} cancelled`, `${never} cancelled`]);
    expect((await runOf(own).describe()).status.name).toBe('CANCELLED');
    const [folder = ''] = await recordedRuns(worker.store, visitDag.id, own);
    expect((await readRunRecord(worker.store, folder))?.audit).toMatchObject([
      { action: 'cancel', who: 'Eva', why: `backfill visit/stops-${year} was cancelled: a test` },
    ]);
    open([busy]);
    expect(await manual.result()).toMatchObject({ fecha: busy });
  });

  it('cancels a backfill and keeps what runs', async () => {
    const [own = '', never = ''] = first(2);
    shut([own]);
    const handle = await startBackfill(worker, `keeps-${year}`, first(2), { maxRuns: 1 });
    await expect.poll(() => visited).toEqual([own]);
    await actOnBackfillBy(handle, 'cancel', { keepRunning: true });
    await failureOfRun(handle);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await datesOfBackfill(handle)).toEqual([`${own} running`, `${never} cancelled`]);
    open([own]);
    expect(await runOf(own).result()).toMatchObject({ computedTasks: 1 });
    expect(visited).toEqual([own]);
  });

  it("may use Temporal's own Cancel: the runs that it started are cancelled too", async () => {
    worker.behave({ visit: async (_, context) => untilStopped(context) });
    const handle = await startBackfill(worker, `native-${year}`, first(3));
    await untilDates(handle, 'running', first(2));
    await handle.cancel();
    await failureOfRun(handle);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    const ends = await Promise.all(first(2).map(async (fecha) => (await runOf(fecha).describe()).status.name));
    expect(ends).toEqual(['CANCELLED', 'CANCELLED']);
  });
});
