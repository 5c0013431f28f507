import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../config/bad-config.js';
import type { Config } from '../../../config/load-config.js';
import { notMeantFor } from '../../../config/dag-source.js';
import { runParams } from '../../../config/run-params.js';
import { customerSource } from '../../../customers/customer-source.js';
import { lookalikesDag } from '../../../workflows/lookalikes-dag.js';
import { segmentationDag } from '../../../workflows/segmentation-dag.js';
import type { SegmentationParams } from '../../../workflows/segmentation-params.js';

const source = (name: string): Config['sources'][string] => ({
  name,
  files: { v: { path: ['/v.csv'], delimiter: ',', quote: '"', encoding: 'utf-8' } },
  select: 'select * from v',
  positiveAmounts: false,
});

const config = (changes: Partial<Config> = {}): Config => ({
  file: '/etc/segmenta.yaml',
  home: '/home',
  lake: 'file:///lake',
  s3: {},
  temporal: { namespace: 'default', tls: false, taskQueue: 'segmenta' },
  timeZone: 'America/Lima',
  engine: { threads: 1, memory: '1GB' },
  worker: { deployment: 'segmenta' },
  sources: { ventas: source('ventas') },
  dags: {},
  pools: {},
  callbacks: [],
  metrics: {},
  keep: { runs: '90 days', grace: '1 day' },
  schedules: {},
  ...changes,
});

const two = config({ sources: { ventas: source('ventas'), cajas: source('cajas') } });

const params = (said: readonly string[], from = config(), fecha = '2017-07-03'): SegmentationParams =>
  runParams(from, segmentationDag, fecha, said);

function refusal(said: readonly string[], from = config(), fecha = '2017-07-03'): string {
  try {
    params(said, from, fecha);
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig);
    return (error as BadConfig).message;
  }
  return expect.unreachable('it was not refused');
}

describe('runParams', () => {
  it('takes the defaults of the DAG, the zone of the configuration, and the only source there is', () => {
    expect(params([])).toMatchObject({
      fecha: '2017-07-03',
      timeZone: 'America/Lima',
      window: 365,
      k: { from: 2, to: 10 },
      source: { name: 'ventas', select: 'select * from v' },
    });
  });

  it('puts the configuration of the DAG above the defaults, and the command line above both', () => {
    const said = config({ dags: { segmentation: { window: 90, k: 4, seed: 7 }, other: { window: 1 } } });
    expect(params(['k=6'], said)).toMatchObject({ window: 90, k: 6, seed: 7 });
  });

  it('reads values as YAML: numbers, ranges, booleans, lists', () => {
    expect(params(['k=6']).k).toBe(6);
    expect(params(['k=2..10', 'log1p=false', 'minShare=0.05', 'digitalChannels=[APP, web]'])).toMatchObject({
      k: { from: 2, to: 10 },
      log1p: false,
      minShare: 0.05,
      digitalChannels: ['app', 'web'],
    });
    expect(params(['labels={a: "b=c"}']).labels).toEqual({ a: 'b=c' });
  });

  it('gives what the workflow takes unchanged: it checks the parameters again', () => {
    const once = params(['k=3..5', 'digitalChannels=[APP]']);
    expect(segmentationDag.params.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it.each([
    [['k=0'], 'parameters of segmentation: k: Too small: expected number to be >=1'],
    [['kk=3'], 'parameters of segmentation: Unrecognized key: "kk" (misspelt?)'],
    [['__proto__=3'], 'parameters of segmentation: Unrecognized key: "__proto__" (misspelt?)'],
    [
      ['k=10..2'],
      'parameters of segmentation: k: Expected a range that ascends from at least 1 to at most 100, such as 2..10',
    ],
    [
      ['k=2..101'],
      'parameters of segmentation: k: Expected a range that ascends from at least 1 to at most 100, such as 2..10',
    ],
    [
      ['k=0..3'],
      'parameters of segmentation: k: Expected a range that ascends from at least 1 to at most 100, such as 2..10',
    ],
    [['k'], "--param: Expected name=value, got 'k'"],
    [['=3'], "--param: Expected name=value, got '=3'"],
    [['fecha=2017-01-01'], '--param fecha: Expected the date of the run as --fecha'],
    [
      ['timeZone=Bogota'],
      "parameters of segmentation: timeZone: Expected an IANA time zone such as 'America/Bogota', got 'Bogota'",
    ],
  ])('refuses %j by name', (said, message) => {
    expect(refusal(said)).toBe(message);
  });

  it.each([
    ['k=abc', '"abc"'],
    ['k=2.5', '2.5'],
    ['k=', 'null'],
    ['k={from: 2, to: x}', '{"from":2,"to":"x"}'],
  ])('refuses %s, and says what k may be', (said, got) => {
    expect(refusal([said])).toBe(
      `parameters of segmentation: k: Expected a number of clusters, or a range such as 2..10, got ${got}`,
    );
  });

  it('refuses a value that is no YAML by the name of its parameter', () => {
    expect(refusal(['labels={a: '])).toMatch(/^--param labels: Expected a value in YAML, got '\{a: ': /);
  });

  it.each(['2017-02-29', '03/07/2017', 'today', ''])("refuses the date '%s'", (fecha) => {
    expect(refusal([], config(), fecha)).toBe(
      `parameters of segmentation: fecha: Expected a date that exists, as YYYY-MM-DD, got '${fecha}'`,
    );
  });
});

describe('the source of a run', () => {
  it('is named by the configuration of the DAG, or by the command line', () => {
    const named = { ...two, dags: { segmentation: { source: 'cajas' } } };
    expect(params([], named).source.name).toBe('cajas');
    expect(params(['source=ventas'], named).source.name).toBe('ventas');
  });

  it('has to be named where there are several', () => {
    expect(refusal([], two)).toBe(
      '/etc/segmenta.yaml: dags.segmentation.source: Expected one of the sources of events (ventas, cajas), got none, and there are several',
    );
  });

  it.each(['caja', 'toString', '__proto__'])('refuses %s, lists those there are, and says who named it', (name) => {
    expect(refusal([], { ...two, dags: { segmentation: { source: name } } })).toBe(
      `/etc/segmenta.yaml: dags.segmentation.source: Expected one of the sources of events (ventas, cajas), got '${name}'`,
    );
    expect(refusal([`source=${name}`], two)).toBe(
      `--param source: Expected one of the sources of events (ventas, cajas), got '${name}'`,
    );
  });

  it('cannot be found where the configuration has none', () => {
    expect(refusal([], config({ sources: {} }))).toBe(
      '/etc/segmenta.yaml: sources: segmentation: Expected at least one source of events (one with `select`), got none: ' +
        'write one, or name a configuration with --config (configs/ has ready ones)',
    );
  });

  it('refuses a date before that from which its source is a snapshot, as the workflow does', () => {
    const snapshot = { ...source('ventas'), snapshotFrom: '2017-06-01' };
    const said = config({ sources: { ventas: snapshot } });
    expect(params([], said, '2017-06-01').source.snapshotFrom).toBe('2017-06-01');
    expect(refusal([], said, '2017-05-31')).toBe(
      "parameters of segmentation: fecha: Expected a date from 2017-06-01 on, got 2017-05-31: the source 'ventas' is a " +
        'snapshot since then (`snapshotFrom`) and does not tell what was before',
    );
    const given = { ...params([], said), fecha: '2017-05-31' };
    expect(() => segmentationDag.params.parse(given)).toThrow('Expected a date from 2017-06-01 on');
  });
});

const customers = (name: string): Config['sources'][string] =>
  customerSource.parse({ name, path: '/crm.csv', columns: { customer_id: { kind: 'id' } } });

describe('a configuration of several kinds of sources', () => {
  const both = config({ sources: { ventas: source('ventas'), crm: customers('crm') } });

  function lookalikesRefusal(from: Config, said: readonly string[] = []): string {
    try {
      runParams(from, lookalikesDag, '2026-07-01', said);
    } catch (error) {
      expect(error).toBeInstanceOf(BadConfig);
      return (error as BadConfig).message;
    }
    return expect.unreachable('it was not refused');
  }

  it('gives each DAG the only source of its kind', () => {
    expect(params([], both).source.name).toBe('ventas');
    expect(runParams(both, lookalikesDag, '2026-07-01', []).source.name).toBe('crm');
    expect(notMeantFor(both, segmentationDag)).toBeUndefined();
    expect(notMeantFor(both, lookalikesDag)).toBeUndefined();
  });

  it('refuses a source of the other kind, and says which would do', () => {
    expect(refusal(['source=crm'], both)).toBe(
      "--param source: Expected one of the sources of events (ventas), got 'crm', a customer table",
    );
    expect(lookalikesRefusal(both, ['source=ventas'])).toBe(
      "--param source: Expected one of the customer tables (crm), got 'ventas', a source of events",
    );
  });

  it('is not meant for a DAG without a source of its kind, unless it speaks of the DAG', () => {
    expect(notMeantFor(config(), lookalikesDag)).toBe('no customer table');
    expect(notMeantFor(config({ sources: { crm: customers('crm') } }), segmentationDag)).toBe('no source of events');
    const spoken = config({ dags: { lookalikes: { components: 2 } } });
    expect(notMeantFor(spoken, lookalikesDag)).toBeUndefined();
    expect(lookalikesRefusal(spoken)).toBe(
      '/etc/segmenta.yaml: sources: lookalikes: Expected at least one customer table (a source with `columns`), got ' +
        'others (ventas): write one, or name a configuration with --config (configs/ has ready ones)',
    );
  });

  it('is wrong for every DAG where it has no source at all', () => {
    expect(notMeantFor(config({ sources: {} }), lookalikesDag)).toBeUndefined();
  });
});
