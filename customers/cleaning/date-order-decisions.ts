import type { Decision } from './cell.js';
import type { SettledStyle, YearLastVotes } from './count-orders.js';
import { majority } from './majority.js';

/** Where nothing tells. */
export const DEFAULT_ORDER = 'dmy';

/** What was settled, for the report: for dates that end with the year, and for each style that differs from them. */
export function orderDecisions(
  styles: readonly SettledStyle[],
  all: YearLastVotes,
  configured: 'dmy' | 'mdy' | undefined,
): Decision[] {
  const whole = configured ?? majority(all, 'dmy', 'mdy');
  const decisions: Decision[] = [];
  if (all.dmy + all.mdy + all.ambiguous > 0) {
    const by = configured === undefined ? (whole === undefined ? 'default' : 'evidence') : 'configuration';
    const isRead = styles.some(({ style, yearLast }) => style.parts === 'numbers' && yearLast.ambiguous > 0);
    const chosen = whole ?? (isRead ? DEFAULT_ORDER : 'undecided');
    decisions.push({ what: 'date order', chosen, by, evidence: { ...all } });
  }
  for (const settled of styles) {
    const { style, yearLast, yearFirst, last, first } = settled;
    const place = placeDecision(settled);
    if (place !== undefined) decisions.push(place);
    const what = `date order ${style.name}`;
    const isOwn = last !== undefined && last !== whole && yearLast.dmy + yearLast.mdy > 0;
    if (isOwn) decisions.push({ what, chosen: last, by: 'evidence', evidence: { ...yearLast } });
    if (first === 'ymd' || yearFirst.ydm + yearFirst.ymd === 0) continue;
    decisions.push({ what, chosen: first, by: 'evidence', evidence: { ...yearFirst } });
  }
  return decisions;
}

/** Told of years of two digits that do not stand last, or only by default. */
function placeDecision({ style, year: { place, evidence, by } }: SettledStyle): Decision | undefined {
  if (style.yearDigits === 4 || place === 'last') return undefined;
  if (place === undefined && (style.parts === 'month by name' || evidence.open === 0)) return undefined;
  return { what: `place of the year ${style.name}`, chosen: place ?? 'last', by, evidence: { ...evidence } };
}
