import { z } from 'zod';

/** The IANA name of a time zone that this machine knows. */
export const timeZone = z.string().refine(isTimeZone, {
  error: (issue) => `Expected an IANA time zone such as 'America/Bogota', got '${String(issue.input)}'`,
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
