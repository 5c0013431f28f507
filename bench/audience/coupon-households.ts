import { readMatrix } from '../../lake/matrix-file.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';
import { DuckDb } from '../../lake/duckdb.js';
import { parquetFile, text } from '../../lake/sql.js';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The households of completejourney on a date: their features, and what their coupons say. Sets are of ids. */
export interface CouponHouseholds {
  readonly fecha: string;
  readonly features: NamedMatrix;
  /** Redeemed a coupon before the date. */
  readonly seeds: ReadonlySet<string>;
  /** Redeemed one on the date or later. */
  readonly redeemers: ReadonlySet<string>;
  /** Were mailed a campaign that begins on the date or later. */
  readonly mailed: ReadonlySet<string>;
}

/**
 * `matrix` is the scaled features of the segmentation pipeline as of `fecha`, `folder` that of the data set. Features know
 * nothing of coupons: neither the seeds nor the outcome are among them.
 */
export async function couponHouseholds(folder: string, fecha: string, matrix: string): Promise<CouponHouseholds> {
  const [redemptions, campaigns, descriptions] = ['coupon_redemptions', 'campaigns', 'campaign_descriptions'].map(
    (name) => parquetFile(join(folder, `${name}.parquet`)),
  );
  const date = `DATE ${text(fecha)}`;
  const db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', spillFolder: tmpdir(), timeZone: 'UTC' });
  const households = async (from: string): Promise<ReadonlySet<string>> =>
    new Set((await db.rows(`SELECT DISTINCT household_id::VARCHAR AS id FROM ${from}`)).map(({ id }) => String(id)));
  try {
    return {
      fecha,
      features: await readMatrix(matrix),
      seeds: await households(`${redemptions} WHERE redemption_date < ${date}`),
      redeemers: await households(`${redemptions} WHERE redemption_date >= ${date}`),
      mailed: await households(`${campaigns} JOIN ${descriptions} USING (campaign_id) WHERE start_date >= ${date}`),
    };
  } finally {
    await db.close();
  }
}
