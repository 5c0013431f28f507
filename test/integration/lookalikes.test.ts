import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLookalikeIndex } from '../../activities/lookalikes/build-lookalike-index.js';
import { encodeCustomers } from '../../activities/lookalikes/encode-customers.js';
import { findLookalikes } from '../../activities/lookalikes/find-lookalikes.js';
import { openLookalikes } from '../../activities/lookalikes/open-lookalikes.js';
import type { Lookalikes } from '../../activities/lookalikes/open-lookalikes.js';
import { scaleCustomers } from '../../activities/lookalikes/scale-customers.js';
import { projectCustomers } from '../../activities/lookalikes/project-customers.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { parseCondition } from '../../customers/condition.js';
import { cleaned, indexed, publishIndex, sourceOf } from '../support/run-lookalikes.js';
import { outputOf, taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';
import { query } from '../support/run-segmentation.js';

const EXACT = '2026-07-01';
const APPROXIMATE = '2026-08-01';

const SOURCE = sourceOf({
  age: { kind: 'age' },
  total_spent: { kind: 'money' },
  total_orders: { kind: 'number', integer: true },
  region_clean: { kind: 'category' },
  fav_category: { kind: 'category' },
  hora: { kind: 'hour' },
  days_since_last_purchase: { kind: 'days' },
  alta: { kind: 'date' },
  vip_flag: { kind: 'flag' },
});

/** Six hundred customers: 00000..00599, of which every hundredth has its twin under the id `g` and its number. */
const CUSTOMERS = 600;
const TWINS = 6;
const one = `SELECT i, printf('%05d', i) AS customer_id, (18 + (i * 7919) % 60)::INTEGER AS age,
  (10 + (i * 104729) % 5000)::DOUBLE AS total_spent, ((i * 31) % 40)::INTEGER AS total_orders,
  CASE i % 5 WHEN 0 THEN 'norte' WHEN 1 THEN 'sur' WHEN 2 THEN 'este' WHEN 3 THEN 'oeste' END AS region_clean,
  ['pan', 'vino', 'queso'][1 + (i * 17) % 3] AS fav_category, ((i * 13) % 24)::INTEGER AS hora,
  CASE WHEN i % 11 > 0 THEN (i * 37) % 300 END::INTEGER AS days_since_last_purchase,
  i % 11 = 0 AS days_since_last_purchase_never, DATE '2020-01-01' + (i % 900)::INTEGER AS alta, i % 20 = 3 AS vip_flag,
  CASE WHEN i = 7 THEN 'age:max;total_orders:min' END AS flags FROM range(${CUSTOMERS}) t(i)`;
const select = `WITH base AS (${one}) SELECT * EXCLUDE i FROM base
  UNION ALL SELECT * EXCLUDE i REPLACE ('g' || i AS customer_id) FROM base WHERE i % 100 = 0`;

let space: TaskWorkspace;
let deps: ActivityDeps;
let exact: Lookalikes;
let approximate: Lookalikes;
let made: { readonly [date: string]: Awaited<ReturnType<typeof indexed>> };

const open = (fecha: string): Promise<Lookalikes> =>
  openLookalikes(deps.store, { cacheFolder: join(space.folder, 'cache'), fecha });

beforeAll(async () => {
  space = await taskWorkspace(1);
  ({ deps } = space);
  const customers = await cleaned(space, deps, select, CUSTOMERS + TWINS);
  made = {
    [EXACT]: await indexed(deps, customers, { source: SOURCE }),
    [APPROXIMATE]: await indexed(deps, customers, { source: SOURCE, exactUpTo: 100 }),
  };
  for (const [fecha, artifacts] of Object.entries(made)) await publishIndex(space, deps, fecha, artifacts);
  [exact, approximate] = [await open(EXACT), await open(APPROXIMATE)];
});
afterAll(async () => space.remove());

const idsOf = async (of: Lookalikes, id: string, k: number, filter = ''): Promise<string[]> => {
  const tests = filter === '' ? [] : parseCondition(filter);
  return (await findLookalikes(of, id, { k, filter: tests })).neighbours.map((found) => found.customer_id);
};

describe('the lookalikes of a customer', () => {
  it('begin with its exact duplicates, at distance 0, and never with itself', async () => {
    const { neighbours, customer, matching } = await findLookalikes(exact, '00100', { k: 3 });
    expect(customer).toMatchObject({ customer_id: '00100', total_orders: (100 * 31) % 40, vip_flag: false });
    expect(neighbours[0]).toMatchObject({ customer_id: 'g100', distance: 0, similarity: 1 });
    expect(neighbours[0]?.features.apart).toEqual([]);
    expect(neighbours[0]?.features.together).toHaveLength(3);
    expect(neighbours.map((one) => one.customer_id)).not.toContain('00100');
    expect(matching).toBe(CUSTOMERS + TWINS - 1);
  });

  it('come with what they bought and how close they are, nearest first', async () => {
    const { neighbours } = await findLookalikes(exact, '00042', { k: 200 });
    const rows = await query(`SELECT * FROM (${select}) WHERE customer_id = '${neighbours[0]?.customer_id}'`);
    for (const column of ['vip_flag', 'total_spent', 'total_orders', 'region_clean', 'fav_category'] as const) {
      expect(neighbours[0]?.[column]).toEqual(rows[0]?.[column]);
    }
    for (const [i, neighbour] of neighbours.entries()) {
      const before = neighbours[i - 1];
      if (before === undefined) continue;
      expect(neighbour.distance).toBeGreaterThanOrEqual(before.distance);
      expect(neighbour.similarity).toBeLessThanOrEqual(before.similarity);
    }
    expect(neighbours[0]?.similarity).toBeGreaterThan(0.95);
  });

  it('are explained feature by feature: the parts add up to the squared distance', async () => {
    const { neighbours } = await findLookalikes(exact, '00042', { k: 20 });
    for (const { distance, features } of neighbours) {
      const sum = features.all.reduce((total, { contribution }) => total + contribution, 0);
      expect(sum).toBeCloseTo(distance ** 2, 5);
      expect(features.all.map(({ feature }) => feature)).toEqual(exact.features.map(({ name }) => name));
      const named = [...features.together, ...features.apart].map(({ feature }) => feature);
      expect(new Set(named).size).toBe(named.length);
    }
    expect(exact.features.map(({ name }) => name)).not.toContain('vip_flag');
  });

  it('can be filtered by any column of its type, also where fewer match than were asked for', async () => {
    const norte = await idsOf(exact, '00042', 10, 'region_clean=norte,vip_flag=false');
    expect(norte).toHaveLength(10);
    expect(norte.every((id) => Number(id.replace('g', '')) % 5 === 0)).toBe(true);
    const all = await idsOf(exact, '00042', CUSTOMERS + TWINS - 1);
    const first = all.filter((id) => Number(id.replace('g', '')) % 5 === 0);
    expect(norte).toEqual(first.slice(0, 10));
    const few = await findLookalikes(exact, '00003', { k: 50, filter: parseCondition('vip_flag=true') });
    expect(few).toMatchObject({ matching: 29 });
    expect(few.neighbours).toHaveLength(29);
    expect(await idsOf(exact, '00003', 5, 'age>300')).toEqual([]);
    expect(await idsOf(exact, '00003', 3, 'alta=2020-01-03')).toEqual(['00002']);
  });

  it('say which values there are where a filter asks for one that nobody has', async () => {
    const filter = parseCondition('region_clean=nort');
    const { neighbours, hints } = await findLookalikes(exact, '00003', { k: 5, filter });
    expect(neighbours).toEqual([]);
    expect(hints).toEqual([expect.stringMatching(/^no customer has region_clean 'nort': there are 'norte', /)]);
    const known = await findLookalikes(exact, '00003', { k: 5, filter: parseCondition('region_clean=norte') });
    expect(known.hints).toEqual([]);
  });

  it('refuse a filter on a column that is not there, or of another type, and name the columns', async () => {
    await expect(idsOf(exact, '00003', 5, 'region=norte')).rejects.toThrow(
      /^Expected one of the columns customer_id, age, .*region_clean.*; got 'region'$/,
    );
    await expect(idsOf(exact, '00003', 5, 'age>viejo')).rejects.toThrow("Expected a number for age, got 'age>viejo'");
    await expect(idsOf(exact, '00003', 5, 'vip_flag=norte')).rejects.toThrow('Expected true or false for vip_flag');
    await expect(idsOf(exact, '00003', 5, 'alta>ayer')).rejects.toThrow('Expected a date such as 2024-03-01');
  });

  it('are refused of an unknown id, with those that differ by leading zeros only', async () => {
    await expect(idsOf(exact, '42', 5)).rejects.toThrow(/got '42'; did you mean '00042'\?/);
    await expect(idsOf(exact, '0', 5)).rejects.toThrow("did you mean '00000'?");
    await expect(idsOf(exact, 'nadie', 5)).rejects.toMatchObject({
      name: 'UnknownCustomer',
      message: "Expected a customer_id of 2026-07-01, got 'nadie' (ids are texts: leading zeros count)",
    });
  });

  it('need a published date', async () => {
    await expect(open('2020-01-01')).rejects.toThrow(
      `Expected one of the dates of clientes_limpios (${EXACT}, ${APPROXIMATE}), got 2020-01-01`,
    );
    const { fecha } = await openLookalikes(deps.store, { cacheFolder: join(space.folder, 'cache') });
    expect(fecha).toBe(APPROXIMATE);
  });
});

describe('an approximate index', () => {
  it('says how many of the nearest it finds, and finds nearly all', async () => {
    const graph = made[APPROXIMATE]?.graph;
    expect(Number(graph?.report?.['recall_10'])).toBeGreaterThan(0.98);
    expect(made[EXACT]?.graph).toBeNull();
    const found = await findLookalikes(approximate, '00300', { k: 10 });
    expect(found.recall).toBe(graph?.report?.['recall_10']);
    expect(found.neighbours[0]).toMatchObject({ customer_id: 'g300', distance: 0 });
    expect(found.neighbours.map((one) => one.customer_id)).not.toContain('00300');
  });

  it('answers as an exact one where a filter is asked for, or everybody', async () => {
    for (const filter of ['region_clean=sur', 'vip_flag=true,age>=30']) {
      expect(await idsOf(approximate, '00042', 12, filter)).toEqual(await idsOf(exact, '00042', 12, filter));
    }
    expect(new Set(await idsOf(approximate, '00042', 1000)).size).toBe(CUSTOMERS + TWINS - 1);
  });

  it('has the same bytes when it is built again', async () => {
    const input = { matrix: made[APPROXIMATE]?.matrix ?? fail(), exactUpTo: 0, seed: 42 };
    const bytes = async (uri = ''): Promise<string> =>
      createHash('sha256')
        .update(await readFile(join(space.lake, uri)))
        .digest('hex');
    const again = await outputOf(deps, buildLookalikeIndex, input);
    expect(await bytes(again.graph?.uri)).toBe(await bytes(made[APPROXIMATE]?.graph?.uri));
    const other = await outputOf(deps, buildLookalikeIndex, { ...input, seed: 43 });
    expect(other.graph?.sha256).not.toBe(again.graph?.sha256);
    expect(other.index.sha256).toBe(again.index.sha256);
  });
});

describe('the tasks', () => {
  it('count what is flagged as missing, and say what they did', async () => {
    const [first] = Object.values(made);
    expect(first?.encoded.report).toMatchObject({ imputed: { age: 1, total_orders: 1 }, features: 7 });
    const columns = JSON.parse(await readFile(join(space.lake, first?.encoding.uri ?? ''), 'utf8')).columns;
    expect(columns.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['age:missing', 'days_since_last_purchase:never', 'region_clean=(sin dato)', 'hora:sin']),
    );
  });

  it('refuse a column that cleaning did not make, and weights of groups that are not there', async () => {
    const { customers, encoded, encoding } = made[EXACT] ?? fail();
    const source = sourceOf({ edad: { kind: 'age' } });
    await expect(outputOf(deps, encodeCustomers, { customers, source })).rejects.toThrow(/column 'edad': Expected/);
    const work = outputOf(deps, scaleCustomers, { encoded, encoding, weights: { gasto: 2 } });
    await expect(work).rejects.toThrow('weights.gasto: Expected one of the groups of features (age, money');
  });

  it('publish as many components as there are columns, nulls for the rest', async () => {
    const { customers } = made[EXACT] ?? fail();
    const { matrix } = await indexed(deps, customers, {
      source: sourceOf({
        total_spent: { kind: 'money' },
        age: { kind: 'age', feature: false },
        hora: { kind: 'hour' },
      }),
      weights: { money: 0 },
    });
    const { coordinates } = await outputOf(deps, projectCustomers, { matrix, components: 3, codec: 'snappy' });
    const path = join(space.lake, coordinates.uri);
    const types = (await query(`DESCRIBE SELECT * FROM '${path}'`)).map(
      (row) => `${String(row['column_name'])} ${String(row['column_type'])}`,
    );
    expect(types).toEqual(['customer_id VARCHAR', 'pc1 DOUBLE', 'pc2 DOUBLE', 'pc3 DOUBLE', 'componentes VARCHAR']);
    const [counts] = await query(`SELECT count(*)::INT AS rows, count(pc2)::INT AS second, count(pc3)::INT AS third,
      count(componentes)::INT AS further FROM '${path}'`);
    expect(counts).toEqual({ rows: 606, second: 606, third: 0, further: 0 });
  });
});

describe('segmenta lookalikes', () => {
  const segmenta = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    const env = { ...process.env, SEGMENTA_LAKE: space.lake, SEGMENTA_HOME: join(space.folder, '.segmenta') };
    const work = promisify(execFile)(process.execPath, [resolve('dist/cli/main.js'), 'lookalikes', ...args], {
      cwd: space.folder,
      env,
    });
    return work.then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({ ...error, out: error.stdout, err: error.stderr }),
    );
  };

  it('draws a table for people', async () => {
    const { out, code } = await segmenta('00100', '-k', '3', '--fecha', EXACT);
    expect(code).toBe(0);
    expect(out).toMatch(/^Like 00100, vip_flag false, total_spent 2\d+, .*region_clean norte, .* on 2026-07-01:/);
    expect(out).toMatch(/g100 .*0 .*1\.0000/);
    expect(out).toContain('together');
  });

  it('gives json, filters, and says where too few match', async () => {
    const { out } = await segmenta('00100', '-k', '2', '--filter', 'region_clean=sur', '--json');
    expect(JSON.parse(out)).toMatchObject({
      fecha: APPROXIMATE,
      customer: { customer_id: '00100' },
      neighbours: [{ region_clean: 'sur' }, { region_clean: 'sur' }],
      recall: null,
    });
    const few = await segmenta('00100', '-k', '30', '--filter', 'region_clean=norte,age=18,vip_flag=false');
    expect(few.out).toMatch(/12 of 30: no more match region_clean=norte,age=18,vip_flag=false/);
  });

  it('says in one line what is wrong', async () => {
    const unknown = await segmenta('100');
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toMatch(/^UnknownCustomer: Expected a customer_id .*did you mean '00100'\?.*\n$/);
    expect((await segmenta('00100', '-k', 'x')).err).toContain("-k: Expected a whole number of at least 1, got 'x'");
    expect((await segmenta('00100', '--filter', 'region=x')).err).toContain(
      'BadConfig: --filter: Expected one of the columns',
    );
    expect((await segmenta('00100', '--filter', 'norte')).err).toContain('--filter: Expected tests such as');
  });
});

const fail = (): never => {
  throw new Error('Expected the artifacts of the date, got none');
};
