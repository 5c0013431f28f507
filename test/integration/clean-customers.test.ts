import { describe, expect, it } from 'vitest';
import { cleanInWorkspace } from '../support/clean-in-workspace.js';
import { workspace } from '../support/run-segmentation.js';

const clean = cleanInWorkspace();

describe('a cleaned customer table', () => {
  it('has a row a customer in order of their ids, its columns typed, and null for what is not there', async () => {
    const { rows, output } = await clean(
      [
        ['customer_id', 'age', 'income', 'since', 'vip', 'days', 'score'],
        ['b', '35 años', '$ 1.234,56', '16/06/2014', 'sí', 'nunca', '3.5'],
        ['0', 'N/A', '10', '2014-06-16', null, '12', null],
        ['07', '200', null, '31/02/2014', 'no', null, 'much'],
      ],
      {
        age: { kind: 'age' },
        income: { kind: 'money' },
        since: { kind: 'date' },
        vip: { kind: 'flag' },
        days: { kind: 'days' },
        score: { kind: 'number' },
      },
    );
    expect(output.customers.schema).toEqual([
      'customer_id VARCHAR',
      'age INTEGER',
      'income DOUBLE',
      'since DATE',
      'vip BOOLEAN',
      'days INTEGER',
      'days_never BOOLEAN',
      'score DOUBLE',
      'flags VARCHAR',
    ]);
    const none = { age: null, income: null, since: null, vip: null, days: null, days_never: null, score: null };
    expect(await rows('customers')).toEqual([
      { ...none, customer_id: '0', income: 10, since: '2014-06-16', days: 12, days_never: false, flags: null },
      { ...none, customer_id: '07', age: 200, vip: false, flags: 'age:above-max' },
      {
        customer_id: 'b',
        age: 35,
        income: 1234.56,
        since: '2014-06-16',
        vip: true,
        days: null,
        days_never: true,
        score: 3.5,
        flags: null,
      },
    ]);
  });

  it('takes whole numbers that are too large for an INTEGER as BIGINT', async () => {
    const { output, rows } = await clean(
      [
        ['customer_id', 'points'],
        ['a', '3000000000'],
      ],
      { points: { kind: 'number', integer: true } },
    );
    expect(output.customers.schema[1]).toBe('points BIGINT');
    expect(await rows('customers')).toMatchObject([{ points: 3_000_000_000 }]);
  });

  it('takes of several columns the first that has a value, and tells where they contradict', async () => {
    const { rows, report } = await clean(
      [
        ['customer_id', 'age', 'age_dirty', 'pct', 'pct_dirty'],
        ['a', '35', '35 años', '0.452', '45%'],
        ['b', null, '40 years', 'N/A', '12.5%'],
        ['c', 'unclear', '41', '0.3', '0.5%'],
        ['d', '50', '51', '0.25', null],
        ['e', '500', '52', null, '20%'],
      ],
      {
        age: { kind: 'age', from: ['age', 'age_dirty'] },
        pct: { kind: 'percent', from: ['pct', 'pct_dirty'] },
      },
    );
    expect((await rows('customers')).map(({ age, pct }) => [age, pct])).toEqual([
      [35, 0.452],
      [40, 0.125],
      [41, 0.3],
      [50, 0.25],
      [52, 0.2],
    ]);
    expect(report.columns['age']?.contradictions).toEqual({
      rows: 2,
      examples: [
        { row: 4, said: ['50', '51'] },
        { row: 5, said: ['500', '52'] },
      ],
    });
    expect(report.columns['pct']?.contradictions).toEqual({ rows: 1, examples: [{ row: 3, said: ['0.3', '0.5%'] }] });
    expect(report.warnings).toContain('age: age and age_dirty contradict in 2 rows');
  });

  it('takes a word of the list from another column before one that is not in it', async () => {
    const { rows } = await clean(
      [
        ['customer_id', 'region', 'region_dirty'],
        ['a', 'Narnia', 'NORTE'],
        ['b', null, 'Narnia'],
        ['c', 'sur', 'norte'],
      ],
      { region_clean: { kind: 'category', from: ['region', 'region_dirty'], values: ['norte', 'sur'] } },
    );
    expect((await rows('customers')).map(({ region_clean: region }) => region)).toEqual([
      'norte',
      'desconocida',
      'sur',
    ]);
  });

  it('keeps of an id the row with most possible values, then the last, and counts equal rows apart', async () => {
    const { rows, report, output } = await clean(
      [
        ['customer_id', 'age', 'city'],
        ['a', '30', 'Lima'],
        ['a', '31', null],
        ['b', '40', 'Cali'],
        ['b', '41', 'Cali'],
        ['c', '50', 'Quito'],
        [' c ', '50 años', 'Quito'],
        ['d', '200', 'Lima'],
        ['d', '60', 'Lima'],
        ['d', '300', 'Lima'],
        [null, '1', 'Lima'],
        ['N/A', '1', 'Lima'],
      ],
      { age: { kind: 'age' }, city: { kind: 'text' } },
    );
    expect((await rows('customers')).map(({ customer_id: id, age }) => [id, age])).toEqual([
      ['a', 30],
      ['b', 41],
      ['c', 50],
      ['d', 60],
    ]);
    expect(report.rows).toEqual({ read: 11, withoutId: 2, repeatedEqual: 1, repeatedDifferent: 4, written: 4 });
    expect(report.repeated).toEqual([
      { customer_id: 'd', rows: 3, kept: 8 },
      { customer_id: 'a', rows: 2, kept: 1 },
      { customer_id: 'b', rows: 2, kept: 4 },
    ]);
    expect(report.repeatedCount).toBe(3);
    expect(output.customers.report).toMatchObject({ read: 11, written: 4 });
    const leftOut = (await rows('log')).filter(({ column }) => column === '*');
    expect(leftOut.map(({ row, rule }) => [row, rule])).toEqual([
      [2, 'row-repeated-different'],
      [3, 'row-repeated-different'],
      [5, 'row-repeated'],
      [7, 'row-repeated-different'],
      [9, 'row-repeated-different'],
      [10, 'row-without-id'],
      [11, 'row-without-id'],
    ]);
  });

  it('names the first ids that came several times, and says of how many', async () => {
    const twice = Array.from({ length: 25 }, (_, i) => [
      [`id-${i}`, '30'],
      [`id-${i}`, '31'],
    ]).flat();
    const { report } = await clean([['customer_id', 'age'], ...twice], { age: { kind: 'age' } });
    expect([report.repeated.length, report.repeatedCount]).toEqual([20, 25]);
  });

  it('logs every changed cell with what it was, what it is and why', async () => {
    const cells = [
      ['customer_id', 'Monto', 'days', 'news'],
      ['a', '$ 1.200,50', 'nunca', 'x'],
      ['b', '7.25', '999', null],
      ['c', 'lots', '12', 'x'],
    ];
    const columns = {
      spent: { kind: 'money', from: 'Monto', max: 1_000 },
      days: { kind: 'days' },
      news: { kind: 'flag' },
    };
    const { rows, report } = await clean(cells, columns);
    const cell = { customer_id: 'a', row: 1 };
    expect(await rows('log')).toEqual([
      { ...cell, column: 'days', before: 'nunca', after: null, rule: 'never', header: 'days' },
      { ...cell, column: 'news', before: 'x', after: 'true', rule: 'spelling', header: 'news' },
      {
        ...cell,
        column: 'spent',
        before: '$ 1.200,50',
        after: '1200.5',
        rule: 'currency;decimal-comma;thousands;impossible:above-max',
        header: 'Monto',
      },
      { customer_id: 'b', row: 2, column: 'days', before: '999', after: null, rule: 'sentinel', header: 'days' },
      { customer_id: 'b', row: 2, column: 'news', before: null, after: 'false', rule: 'empty-as-no', header: 'news' },
      { customer_id: 'c', row: 3, column: 'news', before: 'x', after: 'true', rule: 'spelling', header: 'news' },
      { customer_id: 'c', row: 3, column: 'spent', before: 'lots', after: null, rule: 'unreadable', header: 'Monto' },
    ]);
    const logged = report.columns['spent']?.from[0];
    expect(logged?.cells).toEqual({ read: 2, other: 0, missing: 0, unreadable: 1, empty: 0, changed: 2 });
    expect(logged?.unreadable).toEqual([{ text: 'lots', row: 3, count: 1 }]);
    expect((await clean(cells, columns, { cellLog: false })).output.log).toBeNull();
  });

  it('is also laid out as every customer table is published, the rest as attributes', async () => {
    const { rows, output } = await clean(
      [
        [
          'customer_id',
          'age',
          'total_orders',
          'income',
          'days_since_last_purchase',
          'vip_flag',
          'gender',
          'city',
          'since',
          'news',
          'seen',
        ],
        ['b', '35', '4.0', '10.5', 'never', 'sí', '1', 'Lima', '2014-06-16', 'no', '3'],
        ['a', '200', null, null, '4', null, '0', null, null, null, 'never'],
      ],
      {
        age: { kind: 'age' },
        total_orders: { kind: 'number' },
        income: { kind: 'money' },
        days_since_last_purchase: { kind: 'days' },
        vip_flag: { kind: 'flag' },
        gender: { kind: 'flag' },
        city: { kind: 'text' },
        since: { kind: 'date' },
        news: { kind: 'flag' },
        seen: { kind: 'days' },
      },
    );
    expect(output.clientes.kind).toBe('clientes_limpios');
    expect(output.clientes.schema).toHaveLength(12 + 1);
    const nowhere = {
      gender: null,
      tenure_months: null,
      frequency: null,
      pct_reordered: null,
      avg_items_per_order: null,
    };
    const further = {
      total_spent: null,
      region_clean: null,
      fav_category: null,
      signup_channel: null,
      vip_score: null,
    };
    const clientes = await rows('clientes');
    expect(clientes).toEqual([
      {
        ...nowhere,
        ...further,
        customer_id: 'a',
        age: 200,
        income: null,
        total_orders: null,
        days_since_last_purchase: 4,
        days_since_last_purchase_never: false,
        vip_flag: null,
        flags: 'age:above-max',
        fecha_modelo: '2026-07-01',
      },
      {
        ...nowhere,
        ...further,
        customer_id: 'b',
        age: 35,
        income: 10.5,
        total_orders: 4,
        days_since_last_purchase: null,
        days_since_last_purchase_never: true,
        vip_flag: true,
        flags: null,
        fecha_modelo: '2026-07-01',
      },
    ]);
    expect(Object.keys(clientes[0] ?? {}).join(' ')).toBe(
      'customer_id gender age income tenure_months total_orders frequency days_since_last_purchase ' +
        'days_since_last_purchase_never pct_reordered avg_items_per_order total_spent region_clean fav_category ' +
        'signup_channel vip_flag vip_score flags fecha_modelo',
    );
    const attribute = { valor: null, texto: null, fecha_modelo: '2026-07-01' };
    expect(await rows('atributos')).toEqual([
      { ...attribute, customer_id: 'a', atributo: 'gender', valor: 0 },
      { ...attribute, customer_id: 'a', atributo: 'seen_never', valor: 1 },
      { ...attribute, customer_id: 'b', atributo: 'city', texto: 'Lima' },
      { ...attribute, customer_id: 'b', atributo: 'gender', valor: 1 },
      { ...attribute, customer_id: 'b', atributo: 'news', valor: 0 },
      { ...attribute, customer_id: 'b', atributo: 'seen', valor: 3 },
      { ...attribute, customer_id: 'b', atributo: 'seen_never', valor: 0 },
      { ...attribute, customer_id: 'b', atributo: 'since', texto: '2014-06-16' },
    ]);
  });

  it('has the same bytes whatever the number of threads', async () => {
    const cells = `SELECT i + 1 AS _row, (i * 7919 % 20000)::VARCHAR AS customer_id, (i % 97)::VARCHAR || ' años' AS age,
      '$ ' || (i * 31 % 9999)::VARCHAR || ',50' AS spent, ['norte', 'Sur', 'nrote'][i % 3 + 1] AS region FROM range(30000) t(i)`;
    const columns = {
      age: { kind: 'age' },
      spent: { kind: 'money' },
      region: { kind: 'category', values: ['norte', 'sur'] },
    };
    const hashes = [];
    for (const threads of [1, 2]) {
      const lone = await workspace();
      const { output } = await clean(cells, columns, { threads, workspace: lone });
      hashes.push(Object.values(output).map((artifact: (typeof output)['customers'] | null) => artifact?.sha256));
      await lone.remove();
    }
    expect(hashes[0]).toEqual(hashes[1]);
  });
});

describe('a customer table that cannot be cleaned', () => {
  it('says that no row has an id', async () => {
    const cells = [['customer_id'], ['N/A'], [null]];
    await expect(clean(cells, {})).rejects.toMatchObject({
      name: 'BadInput',
      message: "source 'clientes', column 'customer_id': Expected customers, but none of the 2 rows has an id",
    });
  });

  it('says which column is not in the files', async () => {
    const cells = [
      ['customer_id', 'Edad'],
      ['a', '3'],
    ];
    await expect(clean(cells, { age: { kind: 'age', from: ['age', 'años'] } })).rejects.toMatchObject({
      name: 'BadInput',
      message: "source 'clientes', column 'age': Expected a column age, años in the files, got customer_id, Edad",
    });
  });
});
