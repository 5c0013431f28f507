/** What tells a segment from everyone, in figures. */
export interface SegmentProfile {
  readonly clusterId: number;
  /** Purchases a customer, and days since the last one (median), in the segment. */
  readonly comprasPromedio: number;
  readonly recenciaMediana: number;
  /** For each label: the segment's share of purchases in it, over everyone's share. */
  readonly lifts: readonly LabelLift[];
}

export interface LabelLift {
  readonly label: string;
  /** Share of the segment's purchases that are of this label. */
  readonly share: number;
  readonly lift: number;
}

export interface Everyone {
  readonly comprasPromedio: number;
  readonly recenciaMediana: number;
}

export interface NamedSegment {
  readonly clusterId: number;
  readonly name: string;
  /** The label that sets it apart most; undefined where no label is bought enough to say so. */
  readonly distinctive: LabelLift | undefined;
}

/** The name of who has no segment: no segment is called so. */
export const WITHOUT_SEGMENT = 'sin_segmento';

/** A label must be at least this share of the segment's purchases: a rare one has large lifts by chance. */
const MIN_SHARE = 0.1;
/** Inactive: the last purchase is this many times as long ago as everyone's, and purchases are under half of everyone's. */
const INACTIVE_RECENCY = 2;
const INACTIVE_PURCHASES = 0.5;

/** How often a segment buys, in multiples of everyone's purchases. */
const HABITS = [
  { atLeast: 1.5, word: 'muy frecuentes' },
  { atLeast: 1, word: 'frecuentes' },
  { atLeast: 0.5, word: 'ocasionales' },
  { atLeast: 0, word: 'esporádicos' },
] as const;

/**
 * A readable name for every segment, unique among them. The label with the highest lift names it; a segment that
 * stopped buying is "Inactivos". Where a name is taken already (by a larger segment: they come in order of id), the
 * second label is joined to it ("Farmacia y Perfumería"), then how often they buy ("Farmacia, frecuentes"), then a number.
 */
export function nameSegments(profiles: readonly SegmentProfile[], everyone: Everyone): readonly NamedSegment[] {
  const taken = new Set([WITHOUT_SEGMENT]);
  return profiles.map((profile) => {
    const ranked = profile.lifts
      .filter(({ share }) => share >= MIN_SHARE)
      .toSorted((a, b) => b.lift - a.lift || (a.label < b.label ? -1 : 1));
    const name = firstFree(nameCandidates(profile, ranked, everyone), taken);
    taken.add(name);
    return { clusterId: profile.clusterId, name, distinctive: ranked[0] };
  });
}

function nameCandidates(profile: SegmentProfile, ranked: readonly LabelLift[], everyone: Everyone): string[] {
  const first = ranked[0]?.label ?? 'General';
  const second = ranked[1]?.label;
  const base = isInactive(profile, everyone) ? ['Inactivos', `Inactivos de ${first}`] : [first];
  const often = HABITS.find(({ atLeast }) => profile.comprasPromedio >= atLeast * everyone.comprasPromedio)?.word ?? '';
  const last = base.at(-1) ?? first;
  const pairs = second === undefined ? [] : [`${last} y ${second}`];
  const withHabit = [last, ...pairs].map((name) => `${name}, ${often}`);
  return [...base, ...pairs, ...withHabit];
}

function firstFree(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (free !== undefined) return free;
  const [first = ''] = candidates;
  let number = 2;
  while (taken.has(`${first} ${number}`)) number += 1;
  return `${first} ${number}`;
}

const isInactive = (profile: SegmentProfile, everyone: Everyone): boolean =>
  profile.recenciaMediana > INACTIVE_RECENCY * everyone.recenciaMediana &&
  profile.comprasPromedio < INACTIVE_PURCHASES * everyone.comprasPromedio;
