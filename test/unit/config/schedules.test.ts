import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BadConfig } from '../../../config/bad-config.js';
import { loadConfig } from '../../../config/load-config.js';
import type { Config } from '../../../config/load-config.js';
import type { Calendar } from '../../../dag/calendar.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-schedules-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function schedules(yaml: string): Promise<Config['schedules']> {
  const file = join(scratch, 'segmenta.yaml');
  await writeFile(file, yaml);
  return (await loadConfig({ file, cwd: scratch, env: {} })).schedules;
}

const one = (more: string, name = 'semanal'): string => `schedules: { ${name}: { dag: segmentation, ${more} } }`;

async function refusal(yaml: string): Promise<string> {
  const error: unknown = await schedules(yaml).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BadConfig);
  return (error as BadConfig).message.replace(`${scratch}/segmenta.yaml: schedules.`, '');
}

describe('schedules in the configuration', () => {
  it('are none by default', async () => {
    expect(await schedules('')).toEqual({});
  });

  it('lose no date and start on time, unless they say otherwise', async () => {
    expect(await schedules(one('calendar: { weekly: monday }, at: 06:00'))).toEqual({
      semanal: {
        dag: 'segmentation',
        calendar: { dayOfWeek: ['monday'] },
        at: '06:00',
        jitter: '0 seconds',
        overlap: 'bufferAll',
        catchUp: '365 days',
        pauseOnFailure: false,
        params: {},
      },
    });
  });

  it.each<[string, Calendar]>([
    ['daily', {}],
    ['{ weekly: [thursday, monday] }', { dayOfWeek: ['monday', 'thursday'] }],
    ['{ weekly: monday..friday }', { dayOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] }],
    ['{ monthly: 1 }', { dayOfMonth: [1] }],
    ['{ monthly: [last, 15, 15] }', { dayOfMonth: [15, 'last'] }],
    ['{ monthly: last }', { dayOfMonth: ['last'] }],
    ['{ month: [january, july], dayOfMonth: 1..3 }', { month: ['january', 'july'], dayOfMonth: [1, 2, 3] }],
    ['{ dayOfMonth: 1..7, dayOfWeek: monday }', { dayOfMonth: [1, 2, 3, 4, 5, 6, 7], dayOfWeek: ['monday'] }],
    ['{ month: february, dayOfMonth: [28, 29] }', { month: ['february'], dayOfMonth: [28, 29] }],
  ])('have the calendar %s', async (written, calendar) => {
    expect((await schedules(one(`calendar: ${written}, at: 06:00`)))['semanal']?.calendar).toEqual(calendar);
  });

  it.each([
    ['calendar: daily', 'semanal.at: Invalid input'],
    ['calendar: daily, at: 6:00', "semanal.at: Expected a time of the day such as '06:00', got '6:00'"],
    ['calendar: daily, at: 24:00', "semanal.at: Expected a time of the day such as '06:00', got '24:00'"],
    ['at: 06:00', 'semanal.calendar: '],
    ['calendar: hourly, at: 06:00', 'semanal.calendar: Expected daily, { weekly: … }, { monthly: … }, or { month'],
    ['calendar: { weekly: lunes }, at: 06:00', 'semanal.calendar.weekly: Expected days of the week, such as monday'],
    ['calendar: { weekly: friday..monday }, at: 06:00', 'got "friday..monday"'],
    ['calendar: { weekly: [] }, at: 06:00', 'semanal.calendar.weekly: '],
    ['calendar: { monthly: 0 }, at: 06:00', 'semanal.calendar.monthly: Expected days of the month, such as 1'],
    ['calendar: { monthly: 32 }, at: 06:00', 'got 32'],
    ['calendar: { monthly: 1, dayOfWeek: monday }, at: 06:00', 'semanal.calendar: Expected one of weekly, monthly'],
    ['calendar: { month: enero }, at: 06:00', 'semanal.calendar.month: Expected months, such as january'],
    ['calendar: {}, at: 06:00', 'semanal.calendar: Expected one of weekly, monthly'],
    [
      'calendar: { month: february, dayOfMonth: 30 }, at: 06:00',
      'semanal.calendar: Expected a calendar that has dates',
    ],
    [
      'calendar: daily, at: 06:00, timeZone: Bogota',
      "semanal.timeZone: Expected an IANA time zone such as 'America/Bogota'",
    ],
    ['calendar: daily, at: 06:00, jitter: 5', 'semanal.jitter: Expected a length of time such as'],
    ['calendar: daily, at: 06:00, catchUp: 5 seconds', 'semanal.catchUp: Expected at least 10 seconds'],
    ['calendar: daily, at: 06:00, overlap: queue', 'semanal.overlap: '],
    ['calendar: daily, at: 06:00, priority: 9', 'semanal.priority: '],
    ['calendar: daily, at: 06:00, params: { fecha: 2026-11-16 }', 'semanal.params.fecha: Expected no date'],
    [
      'calendar: daily, at: 06:00, overlap: allowAll, pauseOnFailure: true',
      'semanal.pauseOnFailure: Expected another overlap',
    ],
    ['calendar: daily, at: 06:00, when: now', 'semanal: Unrecognized key: "when" (misspelt?)'],
  ])('are refused with the key: %s', async (written, message) => {
    expect(await refusal(one(written))).toContain(message);
  });

  it('have names that can be part of an id', async () => {
    expect(Object.keys(await schedules(one('calendar: daily, at: 06:00', 'día-1.a')))).toEqual(['día-1.a']);
    expect(await refusal(one('calendar: daily, at: 06:00', '"a/b"'))).toContain('a/b: Expected a name of letters');
  });
});
