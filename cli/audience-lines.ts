import type { AudienceReport } from '../customers/audience/audience-report.js';
import type { Overlap } from '../customers/audience/overlap.js';
import type { AudienceRow } from '../activities/lookalikes/date-audiences.js';
import { drawTable } from './table.js';

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** The audiences of a date, for people. */
export const audienceTable = (rows: readonly AudienceRow[]): string =>
  drawTable(
    ['audiencia', 'clientes', 'semillas', 'puntaje', 'k', 'lift_10', 'recall_10', 'origen', 'estado', 'motivo'],
    rows.map((row) => [
      row.audiencia,
      row.clientes,
      row.semillas,
      row.puntaje,
      row.k,
      row.lift_10,
      row.recall_10,
      row.origen,
      row.estado,
      row.motivo,
    ]),
  );

/** One audience, for people: how it was made, what to expect of it by its size, whom it shares with the others. */
export function audienceLines(
  fecha: string,
  row: AudienceRow,
  report: AudienceReport,
  overlap: readonly Overlap[],
): readonly string[] {
  const { seeds, suppressed, candidates, scoring, hints = [] } = report;
  const { expected, heldOut, folds, k, emphasis, auc, reference } = scoring;
  const unknown = (what: string, { unknown, named, examples }: AudienceReport['seeds']): readonly string[] =>
    unknown === 0
      ? []
      : [
          `${unknown} of ${named} ${what} are of no customer: ${examples.join(', ')}${unknown > examples.length ? ', …' : ''}`,
        ];
  const lines = [
    `${row.audiencia}, ${fecha}: ${row.clientes.toLocaleString('en')} of ${candidates.toLocaleString('en')} candidates, ` +
      `like ${seeds.found.toLocaleString('en')} seeds; ${row.estado}`,
    ...unknown('seeds', seeds),
    ...unknown('suppressed ids', suppressed),
    ...hints,
  ];
  if (row.motivo !== null) lines.push(`size: ${row.motivo}`);
  if (row.confirmada_por !== null) {
    lines.push(
      `confirmed by ${row.confirmada_por}${row.confirmada_porque === null ? '' : `: ${row.confirmada_porque}`}`,
    );
  }
  lines.push(
    k === null
      ? `${scoring.score}: all columns alike`
      : `${scoring.score}: seeds among the ${k} nearest of ${reference.seeds.toLocaleString('en')} seeds and ` +
          `${reference.others.toLocaleString('en')} others; columns by their separation to the power ${emphasis}`,
  );
  if (expected.length === 0) lines.push('Too few seeds to hold some out: what to expect is not known.');
  else {
    lines.push(
      `From ${heldOut.toLocaleString('en')} seeds, held out in ${folds} folds` +
        `${auc === null ? '' : `; area under the curve ${auc.toFixed(3)}`}:`,
      drawTable(
        ['size', 'recall', 'lift'],
        expected.map(({ size, recall, lift }) => [percent(size), percent(recall), lift]),
      ),
    );
  }
  if (overlap.length > 0) {
    lines.push(
      drawTable(
        ['also in', 'shared', 'jaccard'],
        overlap.map(({ audience, shared, jaccard }) => [audience, shared, jaccard]),
      ),
    );
  }
  return lines;
}
