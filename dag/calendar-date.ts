import { z } from 'zod';

/** A day that exists, as `YYYY-MM-DD`. It has no zone and no time; it is compared as text. */
export const calendarDate = z.string().refine(isCalendarDate, {
  error: (issue) => `Expected a date that exists, as YYYY-MM-DD, got '${String(issue.input)}'`,
});

export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** The date `days` later (earlier where negative). */
export function addDays(date: string, days: number): string {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}
