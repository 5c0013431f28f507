import { join, resolve } from 'node:path';
import { isCustomerSource } from '../../config/any-source.js';
import { loadConfig } from '../../config/load-config.js';
import { argentina } from '../../demo/customers/argentina.js';
import { writeCustomers } from '../../demo/customers/write-customers.js';
import type { WrittenCustomers } from '../../demo/customers/write-customers.js';

/** Small audiences of the demo's customers, and another one beside them. */
export const PARECIDOS = { name: 'parecidos', seeds: { where: 'vip_flag=true' }, size: 20, minSeeds: 5 } as const;
export const FRECUENTES = { name: 'frecuentes', seeds: { where: 'frequency>=3' }, reach: 0.1, minSeeds: 5 } as const;

/** A small, dirty table of the demo's kind, as xlsx and csv. */
export const writeSmallTable = async (folder: string, customers = 400): Promise<WrittenCustomers> =>
  writeCustomers(join(folder, 'clientes'), { profile: argentina, seed: 5, customers });

/** The demo's source of customers, with this file as its own. */
export async function demoSource(path: string): Promise<{ readonly [field: string]: unknown }> {
  const { sources } = await loadConfig({ file: 'configs/lookalikes-demo.yaml', cwd: resolve('.'), env: {} });
  const source = sources['clientes'];
  if (source === undefined || !isCustomerSource(source)) throw new TypeError('Expected a customer table');
  const { format, delimiter, quote, encoding, columns } = source;
  return { path, delimiter, quote, encoding, columns, ...(format === undefined ? {} : { format }) };
}
