import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A row of a small hand-made source. What is left out is an everyday value. */
export interface Purchase {
  readonly dni?: string;
  readonly fecha?: string;
  readonly rubro?: string;
  readonly canal?: string;
  readonly monto?: string | number;
  readonly ubicacion?: string;
  readonly producto?: string;
  readonly cargado_en?: string;
  readonly evento?: string;
}

const COLUMNS = ['dni', 'fecha', 'rubro', 'canal', 'monto', 'ubicacion', 'producto'] as const;
const everyday = { fecha: '2026-06-15', rubro: 'kiosco', canal: 'web', monto: 10, ubicacion: 'Salta', producto: 'p' };

export type ExtraColumn = 'cargado_en' | 'evento';

/** Writes rows as a csv with a header, UTF-8, into a folder; gives its path. */
export async function writePurchases(
  folder: string,
  name: string,
  rows: readonly Purchase[],
  extra: readonly ExtraColumn[] = [],
): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, csvOf(rows, extra));
  return file;
}

export function csvOf(rows: readonly Purchase[], extra: readonly ExtraColumn[] = []): string {
  const columns = [...COLUMNS, ...extra];
  const lines = rows.map((row, i) => {
    const values: { readonly [column: string]: string | number } = { dni: `d${i}`, ...everyday, ...row };
    return columns.map((column) => field(String(values[column] ?? ''))).join(',');
  });
  return [columns.join(','), ...lines, ''].join('\n');
}

const field = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** A source over the csv files that `path` matches. */
export const purchaseSource = (path: string, options: object = {}): { readonly compras: object } => ({
  compras: { files: { compras: { path } }, select: `select * from compras`, ...options },
});

/** Six customers in three habits, so that there is something to cluster. */
export const sixCustomers: readonly Purchase[] = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((dni, i) =>
  Array.from({ length: 3 + i }, (_, n) => ({
    dni,
    fecha: `2026-0${1 + (n % 6)}-1${i}`,
    rubro: ['supermercado', 'farmacia', 'restaurantes'][i % 3] ?? '',
    monto: 10 * (i + 1) + n,
  })),
);
