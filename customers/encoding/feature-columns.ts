import { PermanentError } from '../../dag/permanent-error.js';
import type { ColumnKind, ColumnRule } from '../column-rule.js';
import type { CustomerSource } from '../customer-source.js';

/** A column of the customer table that likeness is measured by. */
export interface FeatureColumn {
  readonly source: string;
  readonly kind: ColumnKind;
  readonly group: string;
}

/** The source asks for features that there are not. */
export class BadFeature extends PermanentError {
  override readonly name = 'BadFeature';
}

/** Kinds that likeness is measured by unless the column's rule says otherwise. */
const BY_DEFAULT: ReadonlySet<ColumnKind> = new Set<ColumnKind>([
  'category',
  'number',
  'money',
  'percent',
  'age',
  'birth-year',
  'days',
  'hour',
  'weekday',
]);

/** Kinds of which two values are equal or not, and are too many to be categories. */
const NEVER: ReadonlySet<ColumnKind> = new Set<ColumnKind>(['id', 'text']);

/** What one looks for: a customer is not like another because somebody said of both that they are good ones. */
const TARGETS: ReadonlySet<string> = new Set(['vip_flag', 'vip_score']);

/**
 * The columns that likeness is measured by, in the source's order: those whose rule says `feature: true`, and those of
 * the default kinds whose rule says nothing. Flags and dates are no features by default, nor are the columns `vip_flag`
 * and `vip_score`. Throws `BadFeature` for an id or a text as a feature, and where no column is one.
 */
export function featureColumns({ name, columns }: CustomerSource): readonly FeatureColumn[] {
  const found = Object.entries(columns).flatMap(([source, rule]): FeatureColumn[] => {
    if (rule.feature === true && NEVER.has(rule.kind)) {
      throw new BadFeature(
        `source '${name}', column '${source}': Expected a feature of a kind that can be compared, got kind ` +
          `'${rule.kind}': call it a category, or leave \`feature\` out`,
      );
    }
    return isFeature(source, rule) ? [{ source, kind: rule.kind, group: rule.group ?? rule.kind }] : [];
  });
  if (found.length > 0) return found;
  throw new BadFeature(`source '${name}': Expected at least one column to measure likeness by: say \`feature: true\``);
}

const isFeature = (source: string, { kind, feature }: ColumnRule): boolean =>
  feature ?? (BY_DEFAULT.has(kind) && !TARGETS.has(source));
