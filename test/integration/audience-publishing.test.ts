import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAudience } from '../../activities/lookalikes/build-audience.js';
import { confirmAudience, createAudience } from '../../activities/lookalikes/change-audience.js';
import type { Audience } from '../../activities/lookalikes/handles.js';
import { lookAtAudience } from '../../activities/lookalikes/look-at-audience.js';
import { publishConfigured } from '../../activities/lookalikes/publish-configured.js';
import type { PublishedConfigured } from '../../activities/lookalikes/publish-configured.js';
import { atWork } from '../../cli/audience-workplace.js';
import { loadConfig } from '../../config/load-config.js';
import type { Config } from '../../config/load-config.js';
import { audienceDefinition } from '../../customers/audience-definition.js';
import { AUDIENCE_TABLES, AUDIENCIAS, AUDIENCIAS_RESUMEN } from '../../lake/audience-tables.js';
import { collectGarbage } from '../../lake/gc/collect-garbage.js';
import { readTable } from '../../lake/delta-log.js';
import { readHistory } from '../../lake/partition-history.js';
import { planRevert } from '../../lake/plan-revert.js';
import { revertPartition } from '../../lake/revert-partition.js';
import { openStore } from '../../lake/open-store.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { parquetFile } from '../../lake/sql.js';
import { someCustomers } from '../support/audience-lake.js';
import { depsOver, outputOf } from '../support/single-tasks.js';
import type { SomeCustomers } from '../support/audience-lake.js';
import { query, workspace } from '../support/run-segmentation.js';
import type { Workspace } from '../support/run-segmentation.js';

let space: Workspace;
let config: Config;
let store: ObjectStore;
let some: SomeCustomers;
const built = new Map<number, Audience>();

const define = (wanted: object) =>
  audienceDefinition.parse({ name: 'mejores', seeds: { where: 'vip_flag=true' }, score: 'mean-distance', ...wanted });

beforeAll(async () => {
  space = await workspace();
  config = await loadConfig({ cwd: space.folder, env: { SEGMENTA_LAKE: space.lake, SEGMENTA_THREADS: '1' } });
  store = openStore(config.lake, config.s3);
  const deps = depsOver(space, 1);
  try {
    some = await someCustomers(space, deps, 900);
    const { customers, index } = some;
    for (const size of [100, 140, 200]) {
      const input = { audience: define({ size }), customers, index, seed: 1, codec: 'snappy' } as const;
      built.set(size, await outputOf(deps, buildAudience, input));
    }
  } finally {
    await deps.threads.close();
  }
});
afterAll(async () => space.remove());

const sized = (size: number): Audience => {
  const audience = built.get(size);
  if (audience === undefined) throw new RangeError(`Expected one of the sizes, got ${size}`);
  return audience;
};
const publish = async (fecha: string, ...audiences: readonly Audience[]): Promise<PublishedConfigured> =>
  publishOf(fecha, ['mejores'].slice(0, audiences.length), audiences);
const publishOf = async (
  fecha: string,
  configured: readonly string[],
  audiences: readonly Audience[],
): Promise<PublishedConfigured> =>
  atWork(config, store, 'test', async (context) =>
    context.withDuckDb('UTC', async (db) =>
      publishConfigured(db, context, { fecha, configured, audiences, codec: 'snappy' }),
    ),
  );
const create = async (fecha: string, wanted: object): Promise<unknown> =>
  atWork(config, store, 'ana', async (context) =>
    createAudience(context, {
      ...some,
      audience: define(wanted),
      seed: 1,
      codec: 'snappy',
      fecha,
      by: 'ana',
      why: 'x',
    }),
  );
const confirm = async (fecha: string, audience: string): Promise<unknown> =>
  atWork(config, store, 'ana', async (context) =>
    context.withDuckDb('UTC', async (db) =>
      confirmAudience(db, context, { fecha, audience, by: 'ana', why: 'más tiendas', codec: 'snappy' }),
    ),
  );

async function rows(table: string, fecha: string, select = '*', rest = '') {
  const file = (await readTable(store, table)).files.find((one) => one.fecha === fecha);
  const parquet = parquetFile(join(space.lake, table, file?.path ?? ''));
  return query(`SELECT ${select} FROM ${parquet} ${rest} ORDER BY audiencia`);
}
const summary = async (fecha: string) =>
  rows('audiencias_resumen', fecha, 'audiencia, clientes, clientes_publicados, estado, origen');
const members = async (fecha: string) =>
  rows('audiencias', fecha, 'audiencia, count(*)::INTEGER AS n, min(origen) AS origen', 'GROUP BY audiencia');

describe('an audience that a date has already', () => {
  it('is held where it is made anew with another size, the first time too, and the date keeps what it had', async () => {
    expect((await publish('2025-06-02', sized(100))).held).toEqual([]);
    const { held } = await publish('2025-06-02', sized(200));
    expect(held).toEqual([{ audiencia: 'mejores', motivo: '200 clientes, antes 100 (+100 %; se admite ±50 %)' }]);
    expect(await members('2025-06-02')).toEqual([{ audiencia: 'mejores', n: 100, origen: 'configuracion' }]);
    expect(await summary('2025-06-02')).toEqual([
      { audiencia: 'mejores', clientes: 200, clientes_publicados: 100, estado: 'retenida', origen: 'configuracion' },
    ]);
    await confirm('2025-06-02', 'mejores');
    expect(await members('2025-06-02')).toEqual([{ audiencia: 'mejores', n: 200, origen: 'configuracion' }]);
    expect((await publish('2025-06-02', sized(200))).held).toEqual([]);
    expect((await rows('audiencias_resumen', '2025-06-02'))[0]).toMatchObject({ confirmada_por: 'ana' });
    // Half less is within bounds.
    expect((await publish('2025-06-02', sized(100))).held).toEqual([]);
  });
});

describe('an audience that could not be made', () => {
  it('leaves the date what it had of it, and the next size is compared with the last one', async () => {
    const weeks = ['2025-03-03', '2025-03-10', '2025-03-17'] as const;
    await publish(weeks[0], sized(100));
    expect((await publishOf(weeks[0], ['mejores'], [])).tables.every(({ unchanged }) => unchanged)).toBe(true);
    expect(await members(weeks[0])).toEqual([{ audiencia: 'mejores', n: 100, origen: 'configuracion' }]);
    await publishOf(weeks[1], ['mejores', 'otra'], []);
    await create(weeks[1], { name: 'a_mano', size: 30 });
    expect(await members(weeks[1])).toEqual([{ audiencia: 'a_mano', n: 30, origen: 'manual' }]);
    expect((await publish(weeks[2], sized(200))).held).toHaveLength(1);
  });
});

describe('audiences of a date', () => {
  it('are published, and once more change nothing', async () => {
    const first = await publish('2026-01-05', sized(100));
    expect(first.held).toEqual([]);
    expect(first.tables.map(({ table, rows, unchanged }) => ({ table, rows, unchanged }))).toEqual([
      { table: 'audiencias_resumen', rows: 1, unchanged: false },
      { table: 'audiencias', rows: 100, unchanged: false },
    ]);
    expect(await members('2026-01-05')).toEqual([{ audiencia: 'mejores', n: 100, origen: 'configuracion' }]);
    const again = await publish('2026-01-05', sized(100));
    expect(again.tables.every(({ unchanged }) => unchanged)).toBe(true);
    expect(again.exports.every(({ unchanged }) => unchanged)).toBe(true);
  });

  it('are held where their size moved too far, and compared with what was published last until somebody confirms', async () => {
    // Half more is the most: 100 to 140 is within it, 100 to 200 is not.
    const { held } = await publish('2026-01-12', sized(200));
    expect(held).toEqual([{ audiencia: 'mejores', motivo: '200 clientes, antes 100 (+100 %; se admite ±50 %)' }]);
    expect(await summary('2026-01-12')).toEqual([
      { audiencia: 'mejores', clientes: 200, clientes_publicados: 100, estado: 'retenida', origen: 'configuracion' },
    ]);
    expect(await members('2026-01-12')).toEqual([]);
    expect((await publish('2026-01-19', sized(140))).held).toEqual([]);
    expect((await publish('2026-01-19', sized(200))).held).toHaveLength(1);
    // The date goes on showing what it had.
    expect(await members('2026-01-19')).toEqual([{ audiencia: 'mejores', n: 140, origen: 'configuracion' }]);

    await confirm('2026-01-19', 'mejores');
    expect(await members('2026-01-19')).toEqual([{ audiencia: 'mejores', n: 200, origen: 'configuracion' }]);
    const [row] = await rows('audiencias_resumen', '2026-01-19');
    expect(row).toMatchObject({ estado: 'publicada', clientes_publicados: 200, confirmada_por: 'ana' });
    expect(row).toMatchObject({ confirmada_porque: 'más tiendas' });
    // The run of the date is repeated: what was confirmed stays so. Other members are judged anew.
    expect((await publish('2026-01-19', sized(200))).tables.every(({ unchanged }) => unchanged)).toBe(true);
    expect((await publish('2026-01-26', sized(200))).held).toEqual([]);
  });

  it('keep those made by hand when the date is run again, but not under a name of the configuration', async () => {
    const fecha = '2026-02-02';
    await publish(fecha, sized(140));
    await create(fecha, { name: 'a_mano', size: 30 });
    const both = [
      { audiencia: 'a_mano', n: 30, origen: 'manual' },
      { audiencia: 'mejores', n: 140, origen: 'configuracion' },
    ];
    expect(await members(fecha)).toEqual(both);
    await publish(fecha, sized(140));
    expect(await members(fecha)).toEqual(both);
    await create(fecha, { name: 'a_mano', size: 20 });
    expect((await members(fecha))[0]).toEqual({ audiencia: 'a_mano', n: 20, origen: 'manual' });
    await expect(create(fecha, { size: 30 })).rejects.toThrow('the configuration has an audience of that name');
    const view = await atWork(config, store, 'ana', async (context) =>
      context.withDuckDb('UTC', async (db) => lookAtAudience(db, context, fecha, 'a_mano')),
    );
    // The twenty best are among the hundred and forty best of the same seeds.
    expect(view.overlaps).toEqual([{ audience: 'mejores', shared: 20, jaccard: 20 / 140 }]);
    await publish(fecha);
    expect(await members(fecha)).toEqual([{ audiencia: 'a_mano', n: 20, origen: 'manual' }]);
  });

  it('all land when several people make some of one date at once', async () => {
    const fecha = '2026-02-09';
    const names = ['uno', 'dos', 'tres'];
    await Promise.all(names.map(async (name, i) => create(fecha, { name, size: 10 + i })));
    expect(await members(fecha)).toEqual([
      { audiencia: 'dos', n: 11, origen: 'manual' },
      { audiencia: 'tres', n: 12, origen: 'manual' },
      { audiencia: 'uno', n: 10, origen: 'manual' },
    ]);
    expect(await summary(fecha)).toHaveLength(3);
  });

  it('have a history that says who, and can be put back', async () => {
    const fecha = '2026-02-16';
    await publish(fecha, sized(140));
    await create(fecha, { name: 'a_mano', size: 30 });
    const versions = (await readHistory(store, AUDIENCIAS.name)).partitions.get(fecha) ?? [];
    expect(versions.at(-1)).toMatchObject({ by: 'ana', why: 'x' });
    const plans = await planRevert(store, { tables: AUDIENCE_TABLES, fecha });
    for (const plan of plans) {
      await revertPartition(store, plan, { by: 'eva', run: 'revert/eva/1', cacheFolder: join(space.folder, 'cache') });
    }
    expect(await members(fecha)).toEqual([{ audiencia: 'mejores', n: 140, origen: 'configuracion' }]);
    expect(await summary(fecha)).toHaveLength(1);
    // What was put back can be changed again: the tags with its members came back with it.
    await create(fecha, { name: 'otra', size: 5 });
    expect((await members(fecha)).map(({ audiencia }) => audiencia)).toEqual(['mejores', 'otra']);
  });

  it('are nothing where there are none', async () => {
    expect((await publish('2025-01-06')).tables).toEqual([]);
    expect((await readTable(store, AUDIENCIAS_RESUMEN.name)).files.map(({ fecha }) => fecha)).not.toContain(
      '2025-01-06',
    );
  });

  it('that are held outlive gc: they can be confirmed and looked at', async () => {
    await publish('2026-03-02', sized(100));
    expect((await publish('2026-03-09', sized(200))).held).toHaveLength(1);
    // A retention and a grace period that end in the future: whatever is not needed goes.
    const gc = { tables: [], runsMs: -3_600_000, graceMs: -3_600_000 };
    await collectGarbage(store, gc);
    const { removed } = await collectGarbage(store, gc);
    expect(removed.map(({ kind }) => kind)).toContain('artifacts/lookalike_index');
    await confirm('2026-03-09', 'mejores');
    expect(await members('2026-03-09')).toEqual([{ audiencia: 'mejores', n: 200, origen: 'configuracion' }]);
    const view = await atWork(config, store, 'ana', async (context) =>
      context.withDuckDb('UTC', async (db) => lookAtAudience(db, context, '2026-03-09', 'mejores')),
    );
    expect(view.report).toMatchObject({ name: 'mejores', members: 200 });
  });
});
