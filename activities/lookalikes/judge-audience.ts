import { judgeSize } from '../../customers/audience/judge-size.js';
import type { AudienceRow, DateAudiences, DatedAudience } from './date-audiences.js';
import type { Audience } from './handles.js';

/**
 * An audience as it is published on a date, or held: by its size against that of the newest earlier date. Somebody's
 * confirmation of these very members holds on when the date is run again. A held one goes on being compared with what
 * was published last.
 */
export function judgeAudience(
  { name, summary, members, report }: Audience,
  origen: AudienceRow['origen'],
  before: Pick<DateAudiences, 'audiences' | 'previous'>,
): DatedAudience {
  const { clientes } = summary;
  const previous = before.previous.get(name);
  const motivo = judgeSize(previous, clientes, summary.maxChange) ?? null;
  const there = before.audiences.find(({ row }) => row.audiencia === name);
  const confirmed = motivo !== null && there?.members.sha256 === members.sha256 ? there.row : undefined;
  const isHeld = motivo !== null && (confirmed?.confirmada_por ?? null) === null;
  const row: AudienceRow = {
    audiencia: name,
    clientes,
    clientes_publicados: isHeld ? (previous ?? 0) : clientes,
    semillas: summary.semillas,
    candidatos: summary.candidatos,
    puntaje: summary.puntaje,
    k: summary.k,
    estado: isHeld ? 'retenida' : 'publicada',
    motivo,
    confirmada_por: confirmed?.confirmada_por ?? null,
    confirmada_porque: confirmed?.confirmada_porque ?? null,
    lift_10: summary.lift10,
    recall_10: summary.recall10,
    origen,
  };
  return { row, members, report };
}

/** The same one, published because somebody says so. */
export const confirmed = (
  { row, ...files }: DatedAudience,
  { by, why }: { readonly by: string; readonly why: string | undefined },
): DatedAudience => ({
  ...files,
  row: {
    ...row,
    estado: 'publicada',
    clientes_publicados: row.clientes,
    confirmada_por: by,
    confirmada_porque: why ?? null,
  },
});
