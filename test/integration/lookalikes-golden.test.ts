import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearestCustomers } from '../../activities/lookalikes/nearest-customers.js';
import { projectCustomers } from '../../activities/lookalikes/project-customers.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { featureScaler } from '../../customers/encoding/feature-scaler.js';
import { readMatrix } from '../../lake/matrix-file.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';
import { cleaned, indexed, sourceOf } from '../support/run-lookalikes.js';
import { outputOf, taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';
import { query, realData } from '../support/run-segmentation.js';

const figures = z.object({
  columns: z.array(z.string()),
  means: z.array(z.number()),
  scales: z.array(z.number()),
  neighbours: z.array(z.object({ id: z.string(), ids: z.array(z.string()), distances: z.array(z.number()) })),
  twins: z.number(),
  pca: z.object({
    ratios: z.array(z.number()),
    loadings: z.array(z.array(z.number())),
    coordinates: z.array(z.array(z.number())),
  }),
});

const data = await realData('customer_personality');

const AMOUNTS =
  'Kidhome Teenhome MntWines MntFruits MntMeatProducts MntFishProducts MntSweetProducts MntGoldProds NumDealsPurchases ' +
  'NumWebPurchases NumCatalogPurchases NumStorePurchases NumWebVisitsMonth Z_CostContact';

const SOURCE = sourceOf({
  year_birth: { kind: 'birth-year' },
  education: { kind: 'category' },
  marital_status: { kind: 'category' },
  income: { kind: 'money', max: 600_000 },
  ...Object.fromEntries(AMOUNTS.split(' ').map((name) => [name.toLowerCase(), { kind: 'number' }])),
  dt_customer: { kind: 'date' },
  recency: { kind: 'days' },
  response: { kind: 'flag' },
});

const select = (file: string): string => `
  SELECT "ID" AS customer_id, "Year_Birth"::INTEGER AS year_birth, "Education" AS education,
    "Marital_Status" AS marital_status, "Income"::DOUBLE AS income,
    ${AMOUNTS.split(' ')
      .map((name) => `"${name}"::DOUBLE AS ${name.toLowerCase()}`)
      .join(', ')},
    "Dt_Customer"::DATE AS dt_customer, "Recency"::INTEGER AS recency, false AS recency_never,
    "Response" = '1' AS response,
    CASE WHEN "Year_Birth"::INTEGER < 1910 THEN 'year_birth:max_age' WHEN "Income" = '666666' THEN 'income:max' END AS flags
  FROM read_csv('${file}', delim = ';', header = true, all_varchar = true)`;

describe.skipIf(data === undefined)('the customers of customer_personality', () => {
  let space: TaskWorkspace;
  let deps: ActivityDeps;
  let golden: z.infer<typeof figures>;
  let points: NamedMatrix;
  let made: Awaited<ReturnType<typeof indexed>>;

  beforeAll(async () => {
    space = await taskWorkspace(1);
    ({ deps } = space);
    const text = await readFile(resolve('test/golden/lookalikes-customer-personality.json'), 'utf8');
    golden = figures.parse(JSON.parse(text));
    const customers = await cleaned(space, deps, select(join(data ?? '', 'marketing_campaign.csv')), 2240);
    made = await indexed(deps, customers, { source: SOURCE });
    points = await readMatrix(join(space.lake, made.index.uri));
  });
  afterAll(async () => space.remove());

  it('are encoded and scaled as pandas does it by the same description', async () => {
    const scaler = featureScaler.parse(JSON.parse(await readFile(join(space.lake, made.scaler.uri), 'utf8')));
    expect(scaler.columns).toHaveLength(golden.columns.length);
    for (const [c, scale] of scaler.scales.entries()) {
      expect(Math.abs(scale / (golden.scales[c] ?? Number.NaN) - 1), scaler.columns[c]).toBeLessThan(1e-5);
      expect(Math.abs((scaler.means[c] ?? 0) - (golden.means[c] ?? Number.NaN))).toBeLessThan(
        1e-5 * Math.max(1, scale),
      );
    }
    expect(made.encoded.report).toMatchObject({
      features: 18,
      imputed: { year_birth: 3, income: 25 },
      dropped: { z_costcontact: 'one value throughout: 3' },
    });
  });

  it('have the neighbours that scikit-learn finds, ties aside, and are never their own', () => {
    const rowOf = new Map(points.ids.map((id, row) => [id, row]));
    for (const { id, ids, distances } of golden.neighbours) {
      const { found } = nearestCustomers({ points, graph: null }, rowOf.get(id) ?? -1, 10);
      const ours = found.map(({ row }) => points.ids[row] ?? '');
      expect(ours).not.toContain(id);
      for (const [i, distance] of distances.entries()) expect(found[i]?.distance).toBeCloseTo(distance, 4);
      // Those as far as the last one may be others at that distance.
      const last = (distances.at(-1) ?? 0) - 1e-4;
      const certain = ids.filter((_, i) => (distances[i] ?? 0) < last);
      expect(ours).toEqual(expect.arrayContaining(certain));
    }
  });

  it('have their 394 twins at distance 0 under other ids, in order of the ids', () => {
    let twins = 0;
    for (const row of points.ids.keys()) {
      const { found } = nearestCustomers({ points, graph: null }, row, 3);
      const same = found.filter(({ distance }) => distance === 0).map((one) => points.ids[one.row] ?? '');
      if (same.length > 0) twins += 1;
      expect(same).toEqual(same.toSorted());
      expect(same).not.toContain(points.ids[row]);
    }
    expect(twins).toBe(golden.twins);
    expect(twins).toBe(394);
  });

  it('lie on the principal components that scikit-learn finds, up to sign', async () => {
    const input = { matrix: made.matrix, components: 5, codec: 'snappy' } as const;
    const { coordinates, model } = await outputOf(deps, projectCustomers, input);
    const { loadings, explainedVarianceRatio } = z
      .object({
        loadings: z.array(z.record(z.string(), z.number())),
        explainedVarianceRatio: z.array(z.number()),
      })
      .parse(JSON.parse(await readFile(join(space.lake, model.uri), 'utf8')));
    const ratios = explainedVarianceRatio.map((ratio, k) => Math.abs(ratio - (golden.pca.ratios[k] ?? Number.NaN)));
    expect(Math.max(...ratios)).toBeLessThan(1e-6);
    const signs = loadings.map((loading, k) => {
      const theirs = golden.pca.loadings[k] ?? [];
      const sign = Math.sign(Object.values(loading).reduce((sum, x, c) => sum + x * (theirs[c] ?? 0), 0));
      for (const [c, x] of Object.values(loading).entries()) expect(sign * x).toBeCloseTo(theirs[c] ?? Number.NaN, 4);
      return sign;
    });
    const rows = await query(`SELECT * FROM '${join(space.lake, coordinates.uri)}'`);
    expect(rows).toHaveLength(2240);
    for (const [i, { id }] of golden.neighbours.entries()) {
      const own = rows.find((row) => row['customer_id'] === id);
      const further = z.array(z.number()).parse(JSON.parse(String(own?.['componentes'])));
      const ours = [own?.['pc1'], own?.['pc2'], own?.['pc3'], ...further].map(Number);
      for (const [k, x] of ours.entries()) {
        expect((signs[k] ?? 0) * x).toBeCloseTo(golden.pca.coordinates[i]?.[k] ?? Number.NaN, 3);
      }
    }
  });
});
