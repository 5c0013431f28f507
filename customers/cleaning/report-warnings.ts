import type { ColumnReport, HeaderReport } from './cleaning-report.js';

/** So large a share is more than dirt: the column is perhaps no such column, or its list is too short. */
const MANY = 0.2;

/** What somebody should look at: defaults that were needed, two scales in one column, much that could not be read. */
export const warningsOf = (columns: { readonly [column: string]: ColumnReport }): string[] =>
  Object.entries(columns).flatMap(([name, { kind, from, contradictions }]) => [
    ...from.flatMap((header) => headerWarnings(name, kind, header)),
    ...(contradictions.rows > 0
      ? [`${name}: ${from.map(({ header }) => header).join(' and ')} contradict in ${contradictions.rows} rows`]
      : []),
  ]);

function headerWarnings(
  name: string,
  kind: string,
  { header, cells, decisions, rules, matches }: HeaderReport,
): string[] {
  const where = name === header ? name : `${name} (${header})`;
  const said = cells.read + cells.other + cells.unreadable;
  const warnings: string[] = [];
  if (cells.unreadable > MANY * said) {
    warnings.push(`${where}: ${cells.unreadable} of ${said} values could not be read as ${kind}`);
  }
  if (cells.other > MANY * said) warnings.push(`${where}: ${cells.other} of ${said} values are not in its list`);
  for (const { what, chosen, by } of decisions) {
    if (chosen === 'mixed') warnings.push(`${where}: two scales in one column, read cell by cell`);
    else if (chosen === 'undecided')
      warnings.push(`${where}: the cells do not settle ${what}; doubtful ones are not read`);
    else if (by === 'default') warnings.push(`${where}: nothing in the column settles ${what}; by default: ${chosen}`);
  }
  const against = rules['thousands-against-column'];
  if (against !== undefined)
    warnings.push(`${where}: thousands in ${against} cells by a sign that elsewhere makes decimals`);
  const unclear = matches.filter(({ canonical }) => canonical.length > 1).length;
  if (unclear > 0) warnings.push(`${where}: ${unclear} words are equally near to several of the list`);
  return warnings;
}
