import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isArtifact } from '../../dag/artifact.js';
import type { Row } from '../../lake/duckdb.js';
import { purchaseSource, sixCustomers, writePurchases } from '../support/purchases.js';
import type { ExtraColumn, Purchase } from '../support/purchases.js';
import { execute, expectSuccess, query, runSegmentation, workspace } from '../support/run-segmentation.js';
import type { RunOptions, SegmentationRun, Workspace } from '../support/run-segmentation.js';

const FECHA = '2026-07-01';
let space: Workspace;

beforeEach(async () => {
  space = await workspace();
});
afterEach(() => space.remove());

interface Small {
  readonly source?: object;
  readonly extra?: readonly ExtraColumn[];
  readonly params?: RunOptions['params'];
  readonly fecha?: string;
  readonly env?: NodeJS.ProcessEnv;
}

async function segment(rows: readonly Purchase[], options: Small = {}): Promise<SegmentationRun> {
  const path = await writePurchases(space.folder, 'compras.csv', rows, options.extra);
  return segmentFiles(path, options);
}

async function segmentFiles(path: string, { source = {}, params = {}, fecha = FECHA, env = {} }: Small = {}) {
  const config = purchaseSource(path, source);
  return expectSuccess(
    await runSegmentation({ workspace: space, fecha, config, params: { log1p: false, ...params }, env }),
  );
}

const features = (run: SegmentationRun): Promise<readonly Row[]> =>
  query(`SELECT * FROM '${run.path('features')}' ORDER BY dni`);
const customers = (run: SegmentationRun): Promise<readonly Row[]> =>
  query(`SELECT * FROM '${run.path('clientes_segmentados')}' ORDER BY dni`);
const reportOf = ({ artifacts }: SegmentationRun): unknown => artifacts['transactions']?.report;
const dnisOf = (rows: readonly Row[]): unknown[] => rows.map(({ dni }) => dni);

describe('features', () => {
  it('are frequency, means, recency, shares, places and months, as by hand', async () => {
    const run = await segment(
      [
        { dni: 'a', fecha: '2026-06-30', rubro: 'super', canal: 'App', monto: '10.10', ubicacion: 'Salta' },
        { dni: 'a', fecha: '2026-06-01', rubro: 'super', canal: 'caja', monto: '20.20', ubicacion: 'Salta' },
        { dni: 'a', fecha: '2026-05-31', rubro: 'kiosco', canal: 'caja', monto: 5, ubicacion: 'Jujuy' },
        { dni: 'a', fecha: '2026-05-30', rubro: '', canal: '', monto: '0.7', ubicacion: '' },
        { dni: 'b', fecha: '2026-04-01', rubro: 'super', canal: 'caja', monto: 100 },
      ],
      { params: { digitalChannels: ['APP'] } },
    );
    expect(await features(run)).toEqual([
      {
        dni: 'a',
        'frecuencia:kiosco': 1,
        'frecuencia:super': 2,
        'frecuencia:otros': 1,
        'monto_medio:kiosco': 5,
        'monto_medio:super': 15.15,
        'monto_medio:otros': 0.7,
        recencia_dias: 1,
        transacciones: 4,
        monto_total: 36,
        monto_medio: 9,
        rubros_distintos: 2,
        'canal:App': 0.25,
        'canal:caja': 0.5,
        'canal:otros': 0.25,
        canal_digital: 0.25,
        lugares_distintos: 2,
        meses_activos: 2,
      },
      {
        dni: 'b',
        'frecuencia:kiosco': 0,
        'frecuencia:super': 1,
        'frecuencia:otros': 0,
        'monto_medio:kiosco': 0,
        'monto_medio:super': 100,
        'monto_medio:otros': 0,
        recencia_dias: 91,
        transacciones: 1,
        monto_total: 100,
        monto_medio: 100,
        rubros_distintos: 1,
        'canal:App': 0,
        'canal:caja': 1,
        'canal:otros': 0,
        canal_digital: 0,
        lugares_distintos: 1,
        meses_activos: 1,
      },
    ]);
  });

  it('have counts and amounts under log1p where so configured, refunds mirrored, the rest as it is', async () => {
    const run = await segment(
      [
        { dni: 'a', fecha: '2026-06-30', monto: 7 },
        { dni: 'b', fecha: '2026-06-30', monto: -7 },
      ],
      { params: { log1p: true } },
    );
    const [a, b] = await features(run);
    expect(a).toMatchObject({ recencia_dias: 1, 'canal:web': 1, transacciones: Math.log(2) });
    expect(a?.['monto_total']).toBeCloseTo(Math.log(8), 14);
    expect(b?.['monto_total']).toBeCloseTo(-Math.log(8), 14);
  });

  it('give a rubro columns where enough customers use it, at most maxRubros of them, the rest is otros', async () => {
    const rows = [
      ...['a', 'b', 'c', 'd'].map((dni) => ({ dni, rubro: 'todos' })),
      ...['a', 'b', 'c'].map((dni) => ({ dni, rubro: 'tres' })),
      ...['a', 'b'].map((dni) => ({ dni, rubro: 'dos' })),
      { dni: 'a', rubro: 'uno', fecha: '2026-05-01' },
      { dni: 'b', rubro: 'otro uno' },
    ];
    const frequencies = (all: readonly Row[]): string[] =>
      Object.keys(all[0] ?? {}).filter((name) => name.startsWith('frecuencia:'));
    const half = await features(await segment(rows, { params: { minShare: 0.5 } }));
    expect(frequencies(half)).toEqual(['frecuencia:dos', 'frecuencia:todos', 'frecuencia:tres', 'frecuencia:otros']);
    expect(half[0]).toMatchObject({ 'frecuencia:otros': 1, rubros_distintos: 4 });
    const two = await features(await segment(rows, { params: { minShare: 0, maxRubros: 2 } }));
    expect(frequencies(two)).toEqual(['frecuencia:todos', 'frecuencia:tres', 'frecuencia:otros']);
    const tied = await features(await segment(rows, { params: { minShare: 0, maxRubros: 4 } }));
    expect(frequencies(tied)).toEqual([
      'frecuencia:dos',
      'frecuencia:otro uno',
      'frecuencia:todos',
      'frecuencia:tres',
      'frecuencia:otros',
    ]);
  });

  it('read a rubro without its stray blanks, control characters and forms of accents', async () => {
    const run = await segment(
      [
        'artículos  del hogar',
        ' artículos del\thogar ',
        'artículos\u00A0del hogar\u0000',
        'arti\u0301culos del hogar',
      ].map((rubro) => ({ dni: 'a', rubro })),
    );
    expect(await features(run)).toMatchObject([{ 'frecuencia:artículos del hogar': 4, 'frecuencia:otros': 0 }]);
  });

  it('call a rubro unknown that is empty or says so, and never give it columns', async () => {
    const run = await segment(
      ['', '  ', 'N/A', 'Desconocido', '-', 's/d', 'super'].map((rubro) => ({ dni: 'a', rubro })),
    );
    expect(await features(run)).toMatchObject([{ 'frecuencia:super': 1, 'frecuencia:otros': 6, rubros_distintos: 1 }]);
    expect(await query(`SELECT DISTINCT rubro FROM '${run.path('transactions')}' ORDER BY rubro`)).toEqual([
      { rubro: 'desconocido' },
      { rubro: 'super' },
    ]);
    expect(await customers(run)).toMatchObject([{ rubro_top: 'super' }]);
  });

  it("let a source's own rubro otros be part of otros, however it is written", async () => {
    const run = await segment(['otros', 'OTROS', 'super'].map((rubro) => ({ dni: 'a', rubro })));
    const [row] = await features(run);
    expect(row).toMatchObject({ 'frecuencia:super': 1, 'frecuencia:otros': 2, rubros_distintos: 3 });
    expect(Object.keys(row ?? {}).filter((name) => /otros/i.test(name))).toEqual([
      'frecuencia:otros',
      'monto_medio:otros',
      'canal:otros',
    ]);
  });

  it('keep rubros apart that differ in case only', async () => {
    const run = await segment(['Super', 'SUPER', 'SUPER'].map((rubro, i) => ({ dni: 'a', rubro, monto: i + 1 })));
    const [row] = await features(run);
    const frequencies = Object.entries(row ?? {}).filter(([name]) => name.startsWith('frecuencia:'));
    expect(frequencies.map(([, value]) => value)).toEqual([2, 1, 0]);
  });
});

describe('which rows count', () => {
  it('are those from the first day of the window to the day before the date', async () => {
    const run = await segment(
      [
        { dni: 'before', fecha: '2026-06-20 23:59:59' },
        { dni: 'first', fecha: '2026-06-21 00:00:00' },
        { dni: 'last', fecha: '2026-06-30 23:59:59.999' },
        { dni: 'fecha', fecha: '2026-07-01 00:00:00' },
      ],
      { params: { window: 10 } },
    );
    expect(await features(run)).toMatchObject([
      { dni: 'first', recencia_dias: 10 },
      { dni: 'last', recencia_dias: 1 },
    ]);
    expect(await customers(run)).toMatchObject([
      { dni: 'before', motivo: 'sin_compras_en_ventana', cluster_id: null },
      { dni: 'first', motivo: null },
      { dni: 'last', motivo: null },
    ]);
  });

  it('are found by the calendar of the configured zone: texts with Z, offsets, zone names, and moments of Parquet', async () => {
    // Bogota is five hours behind UTC: its July begins at 05:00Z.
    const in_june = [
      '2026-07-01T04:59:59Z',
      '2026-07-01T04:59:59z',
      '2026-07-01 04:59:59.5+00',
      '2026-07-01 04:59:59 +00:00',
      '2026-07-01 04:59:59+0000',
      '2026-07-01 04:59:59 UTC',
      '2026-07-01T06:59:59+02:00',
      '2026-06-30 23:59:59-05:00',
      '2026-06-30 23:59:59',
      '2026-06-30',
      '2026-06-30 21:59:59 America/Los_Angeles',
    ];
    const in_july = [
      '2026-07-01T05:00:00Z',
      '2026-06-30T22:00:00-08:00',
      '2026-07-01 00:00',
      '2026-07-01 05:00:00 UTC',
    ];
    const june = in_june.map((fecha, i) => ({ dni: `june${String(i).padStart(2, '0')}`, fecha }));
    const july = in_july.map((fecha, i) => ({ dni: `july${i}`, fecha }));
    const run = await segment([...june, ...july], { env: { SEGMENTA_TIME_ZONE: 'America/Bogota' } });
    expect(reportOf(run)).toMatchObject({ fecha_ilegible: 0 });
    expect((await features(run)).map(({ dni, recencia_dias }) => [dni, recencia_dias])).toEqual(
      june.map(({ dni }) => [dni, 1]),
    );

    const file = join(space.folder, 'moments.parquet');
    await execute(`SET TimeZone = 'UTC'; COPY (SELECT dni, fecha::TIMESTAMPTZ AS fecha, 'x' AS rubro, 1 AS monto FROM (VALUES
      ('june', '2026-07-01 04:59:59+00'), ('july', '2026-07-01 05:00:00+00')) t(dni, fecha)) TO '${file}' (FORMAT parquet)`);
    const moments = await segmentFiles(file, { env: { SEGMENTA_TIME_ZONE: 'America/Bogota' } });
    expect(dnisOf(await customers(moments))).toEqual(['june']);
  });

  it('are right on the days when clocks change', async () => {
    // New York: 2026-03-08 has 23 hours, 2026-11-01 has 25.
    const rows = (dates: readonly string[]): Purchase[] => dates.map((fecha, i) => ({ dni: `d${i}`, fecha }));
    const env = { SEGMENTA_TIME_ZONE: 'America/New_York' };
    const spring = ['2026-03-09T03:59:59Z', '2026-03-09T04:00:00Z', '2026-03-08T04:59:59Z', '2026-03-08 02:30:00'];
    expect(
      (await features(await segment(rows(spring), { fecha: '2026-03-09', env }))).map(({ dni, recencia_dias }) => [
        dni,
        recencia_dias,
      ]),
    ).toEqual([
      ['d0', 1],
      ['d2', 2],
      ['d3', 1],
    ]);
    const autumn = ['2026-11-02T04:59:59Z', '2026-11-02T05:00:00Z', '2026-11-01T03:59:59Z', '2026-11-01 01:30:00'];
    expect(
      (await features(await segment(rows(autumn), { fecha: '2026-11-02', env }))).map(({ dni, recencia_dias }) => [
        dni,
        recencia_dias,
      ]),
    ).toEqual([
      ['d0', 1],
      ['d2', 2],
      ['d3', 1],
    ]);
  });

  it('leave out unreadable dates, and words that are dates to a database only', async () => {
    const bad = [
      '31/02/2026',
      '2026-02-30',
      '',
      'ayer',
      'infinity',
      '-infinity',
      'epoch',
      '2026-06-15 25:00:00',
      '15-06-2026',
    ];
    const run = await segment([{ dni: 'good' }, ...bad.map((fecha, i) => ({ dni: `bad${i}`, fecha }))]);
    expect(dnisOf(await customers(run))).toEqual(['good']);
    expect(reportOf(run)).toMatchObject({ leidas: 10, fecha_ilegible: bad.length, usables: 1 });
  });

  it('are only those loaded before the date began, in its zone, where the source says when', async () => {
    const loaded = ['2026-07-01T04:59:59Z', '2026-07-01T05:00:00Z', '2026-06-30 23:59:59', '2026-07-01', '', 'no'];
    const rows = loaded.map((cargado_en, i) => ({ dni: `d${i}`, cargado_en }));
    const run = await segment(rows, { extra: ['cargado_en'], env: { SEGMENTA_TIME_ZONE: 'America/Bogota' } });
    expect(dnisOf(await customers(run))).toEqual(['d0', 'd2']);
    expect(reportOf(run)).toMatchObject({ descartadas: { carga_ilegible: 2 } });
  });
});

describe('ids', () => {
  it('keep leading zeros, lose blanks around, and are strings', async () => {
    const run = await segment(['007', '7', ' 007 ', '007\t', '"x,y"', 'ñandú'].map((dni) => ({ dni })));
    expect(dnisOf(await customers(run))).toEqual(['"x,y"', '007', '7', 'ñandú']);
  });

  it('are read from numbers of Parquet files without a decimal part', async () => {
    const file = join(space.folder, 'floats.parquet');
    await execute(`COPY (SELECT dni::DOUBLE AS dni, '2026-06-01' AS fecha, 'x' AS rubro, 1 AS monto FROM
      (VALUES ('1234'), ('12345678'), ('9007199254740992'), ('1e300'), ('nan'), ('inf'), (NULL)) t(dni)) TO '${file}' (FORMAT parquet)`);
    const run = await segmentFiles(file);
    expect(dnisOf(await customers(run))).toEqual(['1234', '12345678', '9007199254740992']);
    expect(reportOf(run)).toMatchObject({ descartadas: { sin_dni: 4 } });
  });

  it('that are missing are counted', async () => {
    const run = await segment([{ dni: 'a' }, { dni: '' }, { dni: ' ' }, { dni: 'N/A' }, { dni: 'null' }]);
    expect(dnisOf(await customers(run))).toEqual(['a']);
    expect(reportOf(run)).toMatchObject({ usables: 1, descartadas: { sin_dni: 4 }, leidas: 5, duplicadas: 0 });
  });
});

describe('repeated rows', () => {
  const twice: readonly Purchase[] = [
    { dni: 'a', monto: 10 },
    { dni: 'a', monto: 10 },
    { dni: 'a', monto: 10, producto: 'otro' },
    { dni: 'b', monto: 1 },
  ];

  it('are whole equal rows of the source, before the mapping', async () => {
    const run = await segment(twice, { source: { select: 'select dni, fecha, rubro, monto from compras' } });
    expect(await features(run)).toMatchObject([{ transacciones: 2, monto_total: 20 }, { transacciones: 1 }]);
    expect(reportOf(run)).toMatchObject({ leidas: 4, duplicadas: 1, mapeadas: 3, usables: 3 });
  });

  it('are found by the event key where there is one, and the last one loaded counts', async () => {
    const rows: readonly Purchase[] = [
      { dni: 'a', evento: '1', monto: 10, cargado_en: '2026-06-16' },
      { dni: 'a', evento: '1', monto: 30, cargado_en: '2026-06-18' },
      { dni: 'a', evento: '1', monto: 20, cargado_en: '2026-06-17' },
      { dni: 'a', evento: '1', monto: 99, cargado_en: '2026-07-02' },
      { dni: 'a', evento: '2', monto: 30, cargado_en: '2026-06-18' },
      { dni: 'b', evento: '1', monto: 5, cargado_en: '2026-06-18' },
      { dni: 'b', evento: '', monto: 5, cargado_en: '2026-06-18' },
    ];
    const select = `select *, nullif(evento, '') as clave from compras`;
    const source = { select, eventKey: ['clave', 'dni'] };
    const run = await segment(rows, { source, extra: ['cargado_en', 'evento'] });
    expect(await features(run)).toMatchObject([
      { dni: 'a', transacciones: 2, monto_total: 60 },
      { dni: 'b', transacciones: 2, monto_total: 10 },
    ]);
    expect(reportOf(run)).toMatchObject({ leidas: 7, duplicadas: 2 });
  });

  it('with an event key alone are settled by their content, whatever their order', async () => {
    const rows: readonly Purchase[] = [
      { dni: 'a', evento: '1', monto: 20 },
      { dni: 'a', evento: '1', monto: 10 },
    ];
    const source = { eventKey: ['evento'] };
    const totals = [];
    for (const order of [rows, rows.toReversed()]) {
      const run = await segment(order, { source, extra: ['evento'] });
      totals.push((await features(run))[0]?.['monto_total']);
    }
    expect(totals).toEqual([10, 10]);
  });
});

describe('amounts', () => {
  it('may have to be positive and below a limit, and the others are counted by reason', async () => {
    const rows = ['1', '0', '-5', '100', '100.01', 'n/d', '', '1,5', '1e99', 'NaN', 'inf'].map((monto, i) => ({
      dni: `d${String(i).padStart(2, '0')}`,
      monto,
    }));
    const run = await segment(rows, { source: { positiveAmounts: true, maxAmount: 100 } });
    expect(reportOf(run)).toMatchObject({
      usables: 2,
      descartadas: { monto_no_positivo: 2, monto_excesivo: 1, monto_ilegible: 6 },
    });
    const found = await customers(run);
    expect(found.length).toBe(11);
    expect(found[1]).toEqual({
      dni: 'd01',
      cluster_id: null,
      cluster_nombre: 'sin_segmento',
      rubro_top: null,
      score_supermercado: null,
      score_farmacia: null,
      score_restaurante: null,
      motivo: 'sin_filas_usables',
    });
  });

  it('of refunds count in where they need not be positive', async () => {
    const run = await segment([
      { dni: 'a', monto: 10 },
      { dni: 'a', monto: -4 },
    ]);
    expect(await features(run)).toMatchObject([{ transacciones: 2, monto_total: 6, monto_medio: 3 }]);
  });

  it('that are no numbers, or larger than a sum of money, are counted, of Parquet too', async () => {
    const file = join(space.folder, 'amounts.parquet');
    await execute(`COPY (SELECT row_number() OVER () AS dni, '2026-06-01' AS fecha, 'x' AS rubro, monto::DOUBLE AS monto FROM
      (VALUES ('1.5'), ('nan'), ('inf'), ('-inf'), ('1e15'), ('99999999999999')) t(monto)) TO '${file}' (FORMAT parquet)`);
    const run = await segmentFiles(file);
    expect(reportOf(run)).toMatchObject({ usables: 2, descartadas: { monto_ilegible: 4 } });
    expect((await features(run)).map(({ monto_total }) => monto_total)).toEqual([1.5, 99_999_999_999_999]);
  });

  it('are summed exactly', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({ dni: 'a', monto: '0.1', producto: String(i) }));
    expect(await features(await segment(rows))).toMatchObject([{ monto_total: 100, monto_medio: 0.1 }]);
  });
});

describe('scores', () => {
  it('are the percentile rank of the amount among the buyers, ties at their mean rank, 0 without a purchase', async () => {
    const rows: readonly Purchase[] = [
      { dni: 'a', rubro: 'carnes', monto: 10 },
      { dni: 'b', rubro: 'carnes', monto: 6 },
      { dni: 'b', rubro: 'verduras', monto: 14, producto: 'q' },
      { dni: 'c', rubro: 'verduras', monto: 20 },
      { dni: 'd', rubro: 'carnes', monto: 50 },
      { dni: 'e', rubro: 'remedios', monto: 1 },
      { dni: 'f', rubro: '', monto: 1 },
      { dni: 'g', rubro: 'carnes', monto: 5 },
      { dni: 'g', rubro: 'carnes', monto: -5 },
    ];
    const scores = { supermercado: ['carnes', 'verduras'], farmacia: ['remedios'], restaurante: [] };
    const run = await segment(rows, { params: { scores } });
    // Amounts 10, 20, 20, 50 have the ranks 1, 2.5, 2.5, 4 of 4: what pandas gives for rank(pct=True).
    const found = (await customers(run)).map((row) => [
      row['dni'],
      row['score_supermercado'],
      row['score_farmacia'],
      row['score_restaurante'],
    ]);
    expect(found).toEqual([
      ['a', 0.25, 0, 0],
      ['b', 0.625, 0, 0],
      ['c', 0.625, 0, 0],
      ['d', 1, 0, 0],
      ['e', 0, 1, 0],
      ['f', 0, 0, 0],
      ['g', 0, 0, 0],
    ]);
    const long = await query(`SELECT dni, rubro, score FROM '${run.path('scores_rubro')}'`);
    expect(long.map(({ dni, rubro, score }) => [dni, rubro, Number(score).toFixed(4)])).toEqual([
      ['a', 'carnes', '0.6667'],
      ['b', 'carnes', '0.3333'],
      ['b', 'verduras', '0.5000'],
      ['c', 'verduras', '1.0000'],
      ['d', 'carnes', '1.0000'],
      ['e', 'remedios', '1.0000'],
    ]);
  });

  it('name the rubro with the largest amount, ties by purchases, then by name, the unknown last', async () => {
    const run = await segment([
      { dni: 'a', rubro: 'x', monto: 10 },
      { dni: 'a', rubro: 'y', monto: 5 },
      { dni: 'a', rubro: 'y', monto: 5, producto: 'q' },
      { dni: 'b', rubro: 'z', monto: 5 },
      { dni: 'b', rubro: 'x', monto: 5 },
      { dni: 'c', rubro: '', monto: 500 },
      { dni: 'c', rubro: 'x', monto: 5 },
    ]);
    expect((await customers(run)).map((row) => row['rubro_top'])).toEqual(['y', 'x', 'x']);
  });
});

describe('the published partition', () => {
  it('has its columns in the order of the contract, in the table and in its copies', async () => {
    const run = await segment([...sixCustomers, { dni: '007', fecha: '2020-01-01' }]);
    const columns = [
      'dni',
      'cluster_id',
      'cluster_nombre',
      'rubro_top',
      'score_supermercado',
      'score_farmacia',
      'score_restaurante',
      'fecha_modelo',
      'motivo',
    ];
    const table = `read_parquet('${space.lake}/clientes_segmentados/*/*.parquet', hive_partitioning = true)`;
    const types = await query(`SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM ${table})`);
    expect(Object.fromEntries(types.map(({ name, type }) => [name, type]))).toMatchObject({
      dni: 'VARCHAR',
      cluster_id: 'INTEGER',
      score_farmacia: 'DOUBLE',
      fecha_modelo: 'DATE',
    });
    const folder = join(space.lake, `exports/clientes_segmentados/fecha_modelo=${FECHA}`);
    const csv = (await readFile(join(folder, 'clientes_segmentados.csv'), 'utf8')).trimEnd().split('\n');
    expect(csv[0]).toBe(columns.join(','));
    expect(csv[1]).toBe(`007,,sin_segmento,,,,,${FECHA},sin_compras_en_ventana`);
    const json = (await readFile(join(folder, 'clientes_segmentados.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(Object.keys(JSON.parse(json[0] ?? '') as object)).toEqual(columns);
    expect([csv.length - 1, json.length, (await customers(run)).length]).toEqual([7, 7, 7]);
  });

  it('has segments under unique names, every customer under its own', async () => {
    const run = await segment(sixCustomers, { params: { k: 3 } });
    const segments = await query(`SELECT * FROM '${run.path('segmentos')}' ORDER BY cluster_id`);
    expect(new Set(segments.map((segment) => segment['cluster_nombre'])).size).toBe(3);
    const found = await query(`SELECT cluster_id, cluster_nombre, count(*)::INTEGER AS clientes
      FROM '${run.path('clientes_segmentados')}' GROUP BY ALL ORDER BY cluster_id`);
    expect(found).toEqual(
      segments.map(({ cluster_id, cluster_nombre, clientes }) => ({ cluster_id, cluster_nombre, clientes })),
    );
    expect(segments.reduce((sum, { participacion }) => sum + Number(participacion), 0)).toBeCloseTo(1, 12);
  });
});

describe('few customers', () => {
  it('fewer than k have clusters of their own', async () => {
    const run = await segment(
      sixCustomers.filter(({ dni }) => dni === 'a' || dni === 'd'),
      { params: { k: 5 } },
    );
    expect((await customers(run)).map((row) => row['cluster_id'])).toEqual([0, 1]);
  });

  it('one customer is one segment', async () => {
    const run = await segment([{ dni: 'a', rubro: 'super' }]);
    expect(await customers(run)).toMatchObject([{ dni: 'a', cluster_id: 0, cluster_nombre: 'super' }]);
  });

  it('customers who are all alike are one segment, under a fixed k and a range', async () => {
    const alike = ['a', 'b', 'c', 'd'].map((dni) => ({ dni, rubro: 'super' }));
    for (const k of [3, '2..4']) {
      const found = await customers(await segment(alike, { params: { k } }));
      expect(found.map((row) => [row['cluster_id'], row['cluster_nombre']])).toEqual(alike.map(() => [0, 'super']));
    }
  });

  it('customers of the unknown rubro alone have a segment with a name', async () => {
    const run = await segment(['a', 'b'].map((dni) => ({ dni, rubro: '' })));
    expect(await customers(run)).toMatchObject([{ cluster_nombre: 'General' }, { cluster_nombre: 'General' }]);
  });
});

describe('payloads', () => {
  it('stay under 16 KiB with 200 rubros of long names', async () => {
    const rubros = Array.from({ length: 200 }, (_, i) => `${'rubro con un nombre muy largo, '.repeat(5)}${i}`);
    const rows = ['a', 'b', 'c'].flatMap((dni) => rubros.map((rubro) => ({ dni, rubro, canal: `canal ${rubro}` })));
    const run = await segment(rows, { params: { maxRubros: 200, minShare: 0 } });
    expect((await features(run))[0]).toMatchObject({ rubros_distintos: 200, 'frecuencia:otros': 0 });
    expect(Object.keys(run.tasks).length).toBe(7);
    for (const [task, { input, output }] of Object.entries(run.tasks)) {
      expect(Buffer.byteLength(JSON.stringify(input)), `input of ${task}`).toBeLessThan(16_384);
      expect(Buffer.byteLength(JSON.stringify(output)), `output of ${task}`).toBeLessThan(16_384);
    }
  });

  it('say in the footer of the features which categories they have', async () => {
    const run = await segment(sixCustomers);
    const metadata = await query(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${run.path('features')}')`,
    );
    const said = Object.fromEntries(metadata.map(({ key, value }) => [String(key), String(value)]));
    expect(said).toMatchObject({
      rubros: JSON.stringify(['farmacia', 'restaurantes', 'supermercado']),
      canales: JSON.stringify(['web']),
      log1p: 'false',
    });
    expect(isArtifact(run.artifacts['features'])).toBe(true);
  });
});

describe('a select', () => {
  it('may end with a semicolon or a comment', async () => {
    for (const end of [';', ' ;\n', ' -- all of them']) {
      const run = await segment(sixCustomers, { source: { select: `select * from compras${end}` } });
      expect((await customers(run)).length).toBe(6);
    }
  });

  it('that multiplies rows is seen in the report', async () => {
    const run = await segment(sixCustomers, {
      source: { select: `select compras.* from compras, (values (1), (2)) twice(n)` },
    });
    const report = reportOf(run);
    expect(report).toMatchObject({ leidas: sixCustomers.length, mapeadas: 2 * sixCustomers.length });
  });

  it('joins tables that are looked up, whose repeated rows do not repeat events', async () => {
    const compras = await writePurchases(space.folder, 'compras.csv', sixCustomers);
    const nombres = join(space.folder, 'nombres.csv');
    await writeFile(nombres, 'rubro,nombre\nfarmacia,Salud\nfarmacia,Salud\nsupermercado,Comida\n');
    const config = {
      compras: {
        files: { compras: { path: compras }, nombres: { path: nombres } },
        select: 'select compras.* replace (nombre as rubro) from compras left join nombres using (rubro)',
      },
    };
    const run = expectSuccess(await runSegmentation({ workspace: space, fecha: FECHA, config }));
    expect(reportOf(run)).toMatchObject({ mapeadas: sixCustomers.length });
    const rubros = await query(`SELECT DISTINCT rubro FROM '${run.path('transactions')}' ORDER BY rubro`);
    expect(rubros.map(({ rubro }) => rubro)).toEqual(['Comida', 'Salud', 'desconocido']);
  });
});
