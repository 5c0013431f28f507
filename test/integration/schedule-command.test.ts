// `segmenta schedule …` as a user runs it: the real command, on a real server.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { addDays } from '../../dag/calendar-date.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const folder = await mkdtemp(join(tmpdir(), 'segmenta-schedule-'));
/** The server is shared: names and queue are of this file. */
const id = randomUUID().slice(0, 8);
const taskQueue = `schedules-${id}`;
const [daily, last, foreign] = [`diario-${id}`, `cierre-${id}`, `ajeno-${id}`];
let connection: Connection;
let client: Client;

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection });
});

afterAll(async () => {
  for (const name of [daily, last, foreign]) {
    await client.schedule
      .getHandle(name)
      .delete()
      .catch(() => undefined);
  }
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

async function segmenta(...args: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_TASK_QUEUE: taskQueue,
  };
  const child = spawn(process.execPath, [resolve('bin/segmenta.mjs'), 'schedule', ...args], { cwd: folder, env });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
}

/** What a command that succeeded printed as JSON. */
async function json<Said>(...args: readonly string[]): Promise<Said> {
  const { status, stdout, stderr } = await segmenta(...args, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Said;
}

const configure = async (schedules: string): Promise<void> =>
  writeFile(
    join(folder, 'segmenta.yaml'),
    `timeZone: America/Bogota
sources:
  tarjetas: { files: { t: { path: t.csv } }, select: 'select * from t' }
dags:
  segmentation: { window: 90, k: 3 }
schedules:
${schedules}`,
  );

const DAILY = `  ${daily}: { dag: segmentation, calendar: daily, at: '00:00', timeZone: UTC, params: { k: 2..4 } }\n`;
const LAST = `  ${last}: { dag: ventas, calendar: { monthly: last }, at: '23:30', overlap: allowAll, catchUp: 3 days }\n`;

interface Applied {
  readonly dryRun: boolean;
  readonly schedules: readonly {
    readonly name: string;
    readonly do: string;
    readonly changes: readonly { field: string; before: string | null; after: string | null }[];
  }[];
}

interface Listed {
  readonly name: string;
  readonly configured: string;
  readonly paused: boolean;
  readonly note: string;
  readonly next: { fecha: string } | null;
}

interface Next {
  readonly mismatch: string | null;
  readonly dates: readonly { readonly fecha: string; readonly at: string; readonly deadline: string | null }[];
}

const today = (): string => new Date().toISOString().slice(0, 10);

// One after the other: each begins with what the one before it left on the server.
describe('segmenta schedule', () => {
  it('explains itself, every argument and option of each command', async () => {
    for (const name of ['', 'apply', 'list', 'next', 'trigger', 'pause', 'resume', 'delete']) {
      const { status, stdout, stderr } = await segmenta(...name.split(' ').filter(Boolean), '--help');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: segmenta schedule ?${name}`));
      const unexplained = /^ {2}(-\S.*|<\S+)$/;
      expect(stdout.split('\n').filter((line) => unexplained.test(line) && !/\S {2,}\S/.test(line.trim()))).toEqual([]);
    }
  });

  it('says what apply would do, without doing it', async () => {
    await configure(DAILY + LAST);
    const { status, stdout, stderr } = await segmenta('apply', '--dry-run');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`+ ${daily} is new\n`);
    expect(stdout).toMatch(/^ {4}calendar +every day$/m);
    expect(stdout).toMatch(/^ {4}params\.k\.to +4$/m);
    expect(stdout).toMatch(/^ {4}overlap +allowAll$/m);
    expect(stdout).toMatch(/^ {4}next: \d{4}-\d\d-\d\d, at \d{4}-\d\d-\d\d 23:30 -05:00$/m);
    expect(stdout).toMatch(/nothing was changed: --dry-run\n$/);
    expect((await json<Listed[]>('list')).map(({ name, configured }) => [name, configured])).toEqual([
      [daily, 'not applied'],
      [last, 'not applied'],
    ]);
  });

  it('applies, and finds nothing to do the second time', async () => {
    const first = await json<Applied>('apply');
    expect(first.schedules.map((one) => [one.name, one.do])).toEqual([
      [daily, 'create'],
      [last, 'create'],
    ]);
    const again = await json<Applied>('apply');
    expect(again.schedules.map((one) => [one.do, one.changes])).toEqual([
      ['keep', []],
      ['keep', []],
    ]);
    const described = await client.schedule.getHandle(daily).describe();
    expect(described.policies).toEqual({
      overlap: 'BUFFER_ALL',
      catchupWindow: 365 * 86_400_000,
      pauseOnFailure: false,
    });
    expect(described.action.args).toMatchObject([
      {
        schedule: daily,
        dag: 'segmentation',
        calendar: {},
        params: { k: { from: 2, to: 4 }, source: { name: 'tarjetas' } },
      },
    ]);
    expect(described.action.args?.[0]).not.toHaveProperty('params.fecha');
  });

  it('gives the coming dates with their moments and deadlines', async () => {
    const { dates, mismatch } = await json<Next>('next', daily, '-n', '3');
    expect(mismatch).toBeNull();
    expect(dates.map(({ fecha }) => fecha)).toEqual([1, 2, 3].map((days) => addDays(today(), days)));
    expect(dates[0]).toMatchObject({ at: `${dates[0]?.fecha}T00:00:00.000Z`, deadline: null });
    const ends = await json<Next>('next', last, '-n', '12');
    // The DAG says 30 hours after the start of the date, which is at 05:00Z in Bogota.
    for (const { fecha, at, deadline } of ends.dates) {
      expect(addDays(fecha, 1)).toMatch(/-01$/);
      expect(at).toBe(`${addDays(fecha, 1)}T04:30:00.000Z`);
      expect(deadline).toBe(`${addDays(fecha, 1)}T11:00:00.000Z`);
    }
  });

  it('pauses and resumes, with who and why, and refuses what is so already', async () => {
    await json('pause', daily, '--why', 'the till is being fixed', '--as', 'ana');
    expect((await json<Listed[]>('list'))[0]).toMatchObject({
      paused: true,
      note: 'paused by ana: the till is being fixed',
      next: null,
    });
    expect((await segmenta('pause', daily, '--why', 'again')).stderr).toMatch(
      /^Refused: \S+ is paused already: paused by ana/,
    );
    await json('resume', daily, '--why', 'fixed', '--as', 'ana');
    expect((await json<Listed[]>('list'))[0]).toMatchObject({ paused: false, next: { fecha: addDays(today(), 1) } });
    expect((await segmenta('resume', daily, '--why', 'again')).stderr).toMatch(/^Refused: \S+ is not paused$/m);
    await json('pause', daily, '--why', 'for what follows', '--as', 'ana');
  });

  it('shows a change field by field, applies it, and leaves it paused', async () => {
    await configure(DAILY.replace('2..4', '2..6').replace('daily,', 'daily, jitter: 10 minutes,') + LAST);
    const { stdout } = await segmenta('apply', '--dry-run');
    expect(stdout).toContain(
      `~ ${daily} changes, and is paused\n    jitter       0 seconds -> 10 minutes\n    params.k.to  4 -> 6\n`,
    );
    expect((await json<Listed[]>('list'))[0]?.configured).toBe('changed');
    expect((await json<Applied>('apply')).schedules.map((one) => one.do)).toEqual(['update', 'keep']);
    expect((await json<Applied>('apply')).schedules.map((one) => one.do)).toEqual(['keep', 'keep']);
    expect((await client.schedule.getHandle(daily).describe()).state).toMatchObject({
      paused: true,
      note: 'paused by ana: for what follows',
    });
  });

  it('mends what somebody changed on the server', async () => {
    await client.schedule.getHandle(daily).update(({ spec, action, policies, state }) => ({
      spec: { ...spec, calendars: [{ hour: 3 }], skip: [] },
      action,
      policies: { ...policies, overlap: 'SKIP' },
      state,
    }));
    // It starts at another hour than the dates fall due, as it would with other rules for its zone.
    expect((await json<Next>('next', daily)).mismatch).toMatch(
      /^the server has other rules for UTC than this machine: /,
    );
    const { schedules } = await json<Applied>('apply');
    expect(schedules[0]?.changes).toEqual([
      { field: 'overlap', before: 'skip', after: 'bufferAll' },
      { field: 'times', before: 'not those of the calendar', after: 'those of the calendar' },
    ]);
    expect((await json<Applied>('apply')).schedules[0]?.do).toBe('keep');
  });

  it("triggers the calendar's latest date, or a said one of it, with what is on the server", async () => {
    const latest = await json<{ fecha: string; workflowId: string; run: string }>('trigger', daily);
    expect(latest).toMatchObject({
      fecha: today(),
      run: `segmentation/${today()}`,
      workflowId: `schedule:${daily}/${today()}`,
    });
    expect((await segmenta('trigger', daily)).stderr).toMatch(/^AlreadyRunning: .* was triggered for .* already/);
    const said = await json<{ fecha: string; workflowId: string }>('trigger', last, '--fecha', '2020-02-29');
    const forced = await json<{ workflowId: string }>('trigger', last, '--fecha', '2020-02-28', '--force');
    for (const { workflowId } of [latest, said, forced]) {
      const handle = client.workflow.getHandle(workflowId);
      expect(await handle.describe()).toMatchObject({ type: 'scheduledRun', taskQueue });
      await handle.terminate('the test is over');
    }
  });

  it.each<[string, RegExp]>([
    [
      `trigger ${last} --fecha 2020-02-28`,
      /^Refused: 2020-02-28 is none of the dates of \S+ \(day last\); the one before it is 2020-01-31\. --force/,
    ],
    [
      `trigger ${last} --fecha 2099-12-31`,
      /^Refused: 2099-12-31 falls due at 2099-12-31 23:30 -05:00, which is to come/,
    ],
    [`trigger ${last} --fecha 2020-02-30`, /^BadConfig: --fecha: Expected a date that exists, as YYYY-MM-DD/],
    [`next ${daily} -n 0`, /^BadConfig: -n: Expected a number of dates, 1\.\.1000, got '0'/],
    ['next nada', /^BadConfig: Expected a schedule on the server \(.*\), got 'nada'/],
    [`pause ${daily}`, /^error: required option '--why <reason>' not specified/],
  ])('refuses `%s` with one clear message, and status 1', async (line, message) => {
    const { status, stdout, stderr } = await segmenta(...line.split(' '));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });

  it('tells of what the configuration does not name, and deletes it when asked to', async () => {
    await configure(LAST);
    await vi.waitFor(
      async () => {
        const { schedules } = await json<Applied>('apply');
        expect(schedules.map((one) => [one.name, one.do])).toEqual([
          [last, 'keep'],
          [daily, 'left'],
        ]);
      },
      { timeout: 60_000 },
    );
    expect((await segmenta('apply', '--dry-run', '--prune')).stdout).toContain(`- ${daily} is deleted`);
    await client.schedule.getHandle(daily).describe();
    await json('apply', '--prune');
    await expect(client.schedule.getHandle(daily).describe()).rejects.toThrow(/not found/i);
    await json('delete', last);
    await expect(client.schedule.getHandle(last).describe()).rejects.toThrow(/not found/i);
  });

  it('leaves a schedule that it did not make alone', async () => {
    const action = { type: 'startWorkflow', workflowType: 'theirs', taskQueue: 'theirs' } as const;
    const handle = await client.schedule.create({ scheduleId: foreign, spec: {}, action, state: { paused: true } });
    await configure(`  ${foreign}: { dag: ventas, calendar: daily, at: '06:00' }\n`);
    const refused = [await segmenta('apply', '--prune'), await segmenta('delete', foreign)];
    for (const { status, stderr } of refused) {
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^BadConfig: The server has a schedule '\S+' that Segmenta did not make, and it is left alone/,
      );
    }
    await configure('  {}\n');
    expect(JSON.stringify(await json<Applied>('apply', '--prune'))).not.toContain(foreign);
    expect((await handle.describe()).action.workflowType).toBe('theirs');
  });

  it.each<[string, string, RegExp]>([
    [
      'a DAG that is not there',
      `dag: nada, calendar: daily, at: '06:00'`,
      /schedules\.x\.dag: Expected one of the DAGs/,
    ],
    [
      'a parameter that the DAG does not take',
      `dag: segmentation, calendar: daily, at: '06:00', params: { kk: 3 }`,
      /schedules\.x: parameters of segmentation: Unrecognized key: "kk"/,
    ],
    [
      'a source that is not there',
      `dag: segmentation, calendar: daily, at: '06:00', params: { source: nada }`,
      /schedules\.x\.params\.source: Expected one of the sources of events \(tarjetas\), got 'nada'/,
    ],
    [
      'a time that a date does not have',
      `dag: ventas, calendar: daily, at: '02:30', timeZone: America/New_York`,
      /schedules\.x\.at: Expected a time that clocks in America\/New_York show once on each date of the calendar, got 02:30, which they leave out on \d{4}-03-\d\d: take 03:30, for instance/,
    ],
    [
      'a time that a date has twice',
      `dag: ventas, calendar: { month: october, dayOfWeek: sunday }, at: '02:30', timeZone: Europe/Madrid`,
      /got 02:30, which they show twice on \d{4}-10-\d\d: take 03:30, for instance/,
    ],
  ])('refuses %s, and names the key', async (_name, entry, message) => {
    await configure(`  x: { ${entry} }\n`);
    const { status, stdout, stderr } = await segmenta('apply', '--dry-run');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });
});
