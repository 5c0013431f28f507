import * as fc from 'fast-check';
import { MONTHS, MONTH_DAYS, WEEKDAYS, isEmpty } from '../../../dag/calendar.js';
import type { Calendar } from '../../../dag/calendar.js';

/** A calendar that has dates, as the configuration writes it: what it says is in the order in which it comes. */
export const anyCalendar: fc.Arbitrary<Calendar> = fc
  .record(
    {
      month: fc.subarray([...MONTHS], { minLength: 1 }),
      dayOfMonth: fc.subarray([...MONTH_DAYS], { minLength: 1 }),
      dayOfWeek: fc.subarray([...WEEKDAYS], { minLength: 1 }),
    },
    { requiredKeys: [] },
  )
  .filter((calendar) => !isEmpty(calendar));

export const anyDate: fc.Arbitrary<string> = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-12-31T00:00:00Z'), noInvalidDate: true })
  .map((moment) => moment.toISOString().slice(0, 10));

export const anyTime: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

/** Zones on either side of UTC, whose clocks change at midnight, at two or three, by half an hour, in Ramadan, or never. */
export const ZONES = [
  'America/Bogota',
  'America/New_York',
  'America/Santiago',
  'America/Havana',
  'America/St_Johns',
  'Africa/Casablanca',
  'Europe/Madrid',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'UTC',
] as const;
