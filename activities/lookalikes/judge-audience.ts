import { judgeSize } from '../../customers/audience/judge-size.js';
import type { AudienceRow, DateAudiences, DatedAudience } from './date-audiences.js';
import type { Audience } from './handles.js';

/**
 * An audience as it is published on a date, or held: by its size against what the date has published of it already, and
 * against the newest earlier date. The very members that are published, or that somebody
 * has confirmed, are not judged again. A held one leaves the date as it was.
 */
export function judgeAudience(
  { name, summary, members, report }: Audience,
  origen: AudienceRow['origen'],
  before: Pick<DateAudiences, 'audiences' | 'previous'>,
): DatedAudience {
  const { clientes } = summary;
  const there = before.audiences.find(({ row }) => row.audiencia === name);
  const isThere = there?.row.estado === 'publicada' && there.members.sha256 === members.sha256;
  const kept = isThere ? there.row : undefined;
  const published = there?.published ?? null;
  const own = published === null ? undefined : there?.row.clientes_publicados;
  const earlier = before.previous.get(name);
  const judged = (size: number | undefined) => judgeSize(size, clientes, summary.maxChange);
  const motivo = kept === undefined ? (judged(own) ?? judged(earlier) ?? null) : kept.motivo;
  const isHeld = kept === undefined && motivo !== null;
  const row: AudienceRow = {
    audiencia: name,
    clientes,
    clientes_publicados: isHeld ? (own ?? earlier ?? 0) : clientes,
    semillas: summary.semillas,
    candidatos: summary.candidatos,
    puntaje: summary.puntaje,
    k: summary.k,
    estado: isHeld ? 'retenida' : 'publicada',
    motivo,
    confirmada_por: kept?.confirmada_por ?? null,
    confirmada_porque: kept?.confirmada_porque ?? null,
    lift_10: summary.lift10,
    recall_10: summary.recall10,
    origen,
  };
  return { row, members, report, published: isHeld ? published : members };
}

/** The same one, published because somebody says so. */
export const confirmed = (
  { row, ...files }: DatedAudience,
  { by, why }: { readonly by: string; readonly why: string },
): DatedAudience => ({
  ...files,
  published: files.members,
  row: {
    ...row,
    estado: 'publicada',
    clientes_publicados: row.clientes,
    confirmada_por: by,
    confirmada_porque: why,
  },
});
