import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../dag/artifact.js';
import { figureChanges, figuresOf } from '../../../dag/figures.js';

const artifact = (rows: number, report: NonNullable<Artifact['report']> = {}): Artifact => ({
  kind: 'clientes',
  uri: 'artifacts/clientes/0.parquet',
  sha256: '0',
  bytes: 10,
  rows,
  schema: ['dni VARCHAR'],
  report,
});

const figures = (output: unknown) => Object.fromEntries(figuresOf(output));

describe('the figures of an output', () => {
  it('are rows and reports of its artifacts, by their fields', () => {
    expect(figures({ transactions: artifact(900, { usables: 3, descartadas: { repetida: 2 } }) })).toEqual({
      'transactions.rows': 900,
      'transactions.usables': 3,
      'transactions.descartadas.repetida': 2,
    });
  });

  it('go by the name of an item, where it has one', () => {
    const segmentos = [
      { nombre: 'Inactivos', clientes: 12 },
      { nombre: 'farmacia', clientes: 30 },
    ];
    expect(figures({ clientes: artifact(42, { segmentos, sizes: [30, 12] }) })).toEqual({
      'clientes.rows': 42,
      'clientes.segmentos.Inactivos.clientes': 12,
      'clientes.segmentos.farmacia.clientes': 30,
      'clientes.sizes.0': 30,
      'clientes.sizes.1': 12,
    });
  });

  it('leave out hashes, places and dates, and count what is long', () => {
    expect(figures({ key: 'raw/x.csv', etag: 'a', path: 'a/b', fecha: '2017-07-03', k: 3 })).toEqual({ k: 3 });
    expect(figures({ values: Array.from({ length: 1_000 }, (_, i) => i) })).toEqual({ 'values.items': 1_000 });
    expect(figures({ words: { stored: 'list', count: 7, parts: [] } })).toEqual({ 'words.items': 7 });
    expect(figures(null)).toEqual({});
  });
});

describe('figureChanges', () => {
  it('are what differs: changed, new, gone', () => {
    const before = figuresOf({ a: 1, b: 2, c: 3 });
    expect(figureChanges(before, figuresOf({ a: 1, b: 5, d: 'x' }))).toEqual([
      { figure: 'b', before: 2, after: 5 },
      { figure: 'd', before: null, after: 'x' },
      { figure: 'c', before: 3, after: null },
    ]);
    expect(figureChanges(before, before)).toEqual([]);
  });
});
