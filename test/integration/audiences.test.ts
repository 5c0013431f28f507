import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAudience } from '../../activities/lookalikes/build-audience.js';
import type { Audience } from '../../activities/lookalikes/handles.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { audienceDefinition } from '../../customers/audience-definition.js';
import type { AudienceReport } from '../../customers/audience/audience-report.js';
import { someCustomers } from '../support/audience-lake.js';
import { depsOver, outputOf, taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';
import type { SomeCustomers } from '../support/audience-lake.js';
import { query } from '../support/run-segmentation.js';

let space: TaskWorkspace;
let deps: ActivityDeps;
let some: SomeCustomers;
const COUNT = 1200;

beforeAll(async () => {
  space = await taskWorkspace(2);
  ({ deps } = space);
  some = await someCustomers(space, deps, COUNT);
});
afterAll(async () => space.remove());

const build = async (wanted: object, on = deps): Promise<Audience> => {
  const audience = audienceDefinition.parse({ name: 'mejores', seeds: { where: 'vip_flag=true' }, ...wanted });
  const { customers, index } = some;
  return outputOf(on, buildAudience, { audience, customers, index, seed: 42, codec: 'snappy' });
};
const membersOf = async ({ members }: Audience) => query(`FROM '${join(space.lake, members.uri)}' ORDER BY posicion`);
const idsOf = async (audience: Audience): Promise<string[]> =>
  (await membersOf(audience)).map(({ customer_id: id }) => String(id));
const reportOf = async ({ report }: Audience): Promise<AudienceReport> =>
  JSON.parse(await readFile(join(space.lake, report.uri), 'utf8')) as AudienceReport;
const placeOf = (id: string): number => some.ids.indexOf(id);

describe('an audience', () => {
  it('has the customers most like its seeds, the best first, and none of the seeds', async () => {
    const audience = await build({ size: 100 });
    const rows = await membersOf(audience);
    expect(rows).toHaveLength(100);
    expect(audience.summary).toMatchObject({ clientes: 100, semillas: 100, candidatos: COUNT - 100 });
    for (const [i, row] of rows.entries()) {
      expect(row).toMatchObject({ audiencia: 'mejores', posicion: i + 1 });
      expect(row.percentil).toBeCloseTo((COUNT - 100 - i) / (COUNT - 100), 12);
      expect(placeOf(String(row.customer_id)) % 12).not.toBe(0);
    }
    const scores = rows.map(({ score }) => Number(score));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const alike = rows.filter(({ customer_id: id }) => placeOf(String(id)) % 6 === 0);
    expect(alike.length).toBeGreaterThan(90);
  });

  it('says what to expect by its size, from held-out seeds', async () => {
    const audience = await build({ size: 100 });
    const { scoring } = await reportOf(audience);
    expect(scoring).toMatchObject({ heldOut: 100, folds: 5, score: 'contrast' });
    expect(scoring.expected.map(({ size }) => size)).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5]);
    for (const { size, recall, lift } of scoring.expected) expect(lift).toBeCloseTo(recall / size, 12);
    const recalls = scoring.expected.map(({ recall }) => recall);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
    // Half of who is alike are seeds: within a fifth of the candidates all held-out seeds should be found.
    expect(scoring.expected.find(({ size }) => size === 0.2)?.recall).toBeGreaterThan(0.9);
    expect(audience.summary.lift10).toBe(scoring.expected.find(({ size }) => size === 0.1)?.lift);
    expect(scoring.columns[0]).toEqual({ column: 'x0', weight: 1 });
    const best = Math.max(...scoring.trials.map(({ auc }) => auc));
    expect(scoring.trials).toContainEqual({ k: scoring.k, emphasis: scoring.emphasis, auc: best });
  });

  it('is within its filter and without the suppressed; percentiles stay those among all', async () => {
    const all = new Map((await membersOf(await build({ reach: 1 }))).map((row) => [row.customer_id, row.percentil]));
    const suppress = [...all.keys()].slice(0, 20).map(String);
    const audience = await build({ size: 50, filter: 'region_clean=sur', suppress });
    const rows = await membersOf(audience);
    expect(rows).toHaveLength(50);
    for (const { customer_id: id, percentil } of rows) {
      expect(placeOf(String(id)) % 2).toBe(1);
      expect(suppress).not.toContain(id);
      expect(percentil).toBe(all.get(id ?? ''));
    }
    const outside = suppress.filter((id) => placeOf(id) % 2 === 1).length;
    expect(audience.summary.candidatos).toBe(COUNT / 2 - outside);
  });

  it('is as large as a reach or a similarity says, which may leave it empty', async () => {
    expect((await build({ reach: 0.02 })).summary.clientes).toBe(22);
    expect((await build({ minSimilarity: 0.9 })).summary.clientes).toBe(111);
    const empty = await build({ minSimilarity: 1, filter: 'region_clean=sur' });
    expect(empty.summary.clientes).toBe(0);
    expect(await membersOf(empty)).toEqual([]);
  });

  it('takes several sets of seeds, and counts ids of nobody', async () => {
    const seeds = [{ where: 'vip_flag=true,region_clean=norte' }, { ids: ['000', 'c000005', 'nobody', '00'] }];
    const { seeds: counted } = await reportOf(await build({ seeds, size: 10 }));
    expect(counted).toEqual({ named: 104, found: 102, unknown: 2, examples: ['nobody', '00'] });
  });

  it.each([
    [{ seeds: { ids: ['x', 'y'] } }, 'got none: of 2 ids none is of a customer (x, y); leading zeros count'],
    [{ seeds: { where: 'alta>2027-01-01' } }, 'got none: no customer fulfils its condition'],
    [
      { seeds: { ids: ['000', 'c000003', 'zz'] } },
      'at least 50 seeds for the audience mejores, got 2, 1 of 3 ids are of no customer (zz)',
    ],
    [
      { filter: 'region_clean=nort' },
      "all are suppressed or outside its filter; no customer has region_clean 'nort': there are 'norte', 'sur'",
    ],
    [
      { seeds: { where: 'region_clean=luna' } },
      "got none: no customer fulfils its condition; no customer has region_clean 'luna': there are 'sur', 'norte'",
    ],
    [{ filter: 'regio=norte' }, "got 'regio'"],
    [{ filter: 'vip_flag=quizas' }, "Expected true or false for vip_flag, got 'vip_flag=quizas'"],
    [{ filter: 'alta<2026-02-30' }, 'Expected a date such as 2024-03-01'],
  ])('is refused with the reason: %j', async (wanted, message) => {
    await expect(build({ size: 10, ...wanted })).rejects.toThrow(message);
  });

  it('says which of its texts nobody has, and that there are fewer candidates than it asks for', async () => {
    const audience = await build({
      size: 5_000,
      filter: 'region_clean!=Sur',
      suppress: { where: 'region_clean=centro' },
    });
    const { hints, candidates } = await reportOf(audience);
    expect(hints).toEqual([
      "no customer has region_clean 'centro': there are 'norte', 'sur'",
      "no customer has region_clean 'Sur': there are 'sur', 'norte'",
      `asked for 5,000, but there are ${candidates.toLocaleString('en')} candidates: all of them are in it`,
    ]);
  });

  it('is the same bytes whatever the threads', async () => {
    const one = depsOver(space, 1);
    try {
      const [a, b] = [await build({ reach: 0.5 }), await build({ reach: 0.5 }, one)];
      expect(b).toEqual(a);
    } finally {
      await one.threads.close();
    }
  });

  it('by mean distance looks at no neighbours', async () => {
    const audience = await build({ size: 100, score: 'mean-distance' });
    expect(audience.summary).toMatchObject({ k: null, puntaje: 'mean-distance' });
    const alike = (await idsOf(audience)).filter((id) => placeOf(id) % 6 === 0);
    expect(alike.length).toBeGreaterThan(30);
  });
});
