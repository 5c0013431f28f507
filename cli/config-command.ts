import { join } from 'node:path';
import { Command } from 'commander';
import { checkCustomerFiles, customerFiles } from '../activities/lookalikes/customer-files.js';
import { checkCallbackDags } from '../config/callbacks.js';
import { isCustomerSource } from '../config/any-source.js';
import type { AnySource } from '../config/any-source.js';
import { notMeantFor } from '../config/dag-source.js';
import { runParams, SOME_DATE } from '../config/run-params.js';
import { openStore } from '../lake/open-store.js';
import type { ObjectStore } from '../lake/object-store.js';
import { listSourceFiles } from '../lake/source-files.js';
import { DAGS } from '../workflows/dags.js';
import { commandConfig } from './command-config.js';
import { plannedSchedules } from './planned-schedules.js';

export const configCommand = (): Command =>
  new Command('config').description('About the configuration.').addCommand(
    new Command('check')
      .description(
        'Checks the configuration, that the lake can be written, that the sources are there and customer tables have their headers, that each DAG gets its parameters.',
      )
      .option('--json', 'as JSON')
      .action(async ({ json }: { readonly json?: true }, command: Command) => {
        const config = await commandConfig(command);
        const store = openStore(config.lake, config.s3);
        await store.probe();
        const sources: { [name: string]: CheckedSource } = {};
        for (const [name, source] of Object.entries(config.sources)) {
          sources[name] = await checkSource(store, join(config.home, 'cache'), source);
        }
        checkCallbackDags(config.callbacks, Object.keys(DAGS));
        const dags: { [id: string]: string | null } = {};
        for (const dag of Object.values(DAGS)) {
          dags[dag.id] = notMeantFor(config, dag) ?? null;
          if (dags[dag.id] === null) runParams(config, dag, SOME_DATE, []);
        }
        const schedules = plannedSchedules(config, Date.now());
        const { file, timeZone, temporal } = config;
        if (json) {
          console.log(
            JSON.stringify({
              file,
              lake: store.url,
              timeZone,
              temporal: temporal.address ?? null,
              sources,
              dags: Object.keys(dags).filter((id) => dags[id] === null),
              cannotRun: Object.fromEntries(Object.entries(dags).filter(([, lack]) => lack !== null)),
              schedules: schedules.map(({ name }) => name),
            }),
          );
          return;
        }
        console.log(`${file} is correct`);
        console.log(`lake      ${store.url}, can be written`);
        console.log(`temporal  ${temporal.address ?? 'the local dev server'}, namespace ${temporal.namespace}`);
        console.log(`zone      ${timeZone}`);
        console.log(
          `dags      ${Object.keys(dags)
            .filter((id) => dags[id] === null)
            .join(', ')}`,
        );
        for (const [id, lack] of Object.entries(dags)) {
          if (lack !== null) console.log(`          not ${id}: there is ${lack} among the sources`);
        }
        for (const { name, dag } of schedules) console.log(`schedule  ${name}: ${dag.id}`);
        for (const [name, { files, bytes, mapped }] of Object.entries(sources)) {
          const headers = mapped === undefined ? '' : `, ${mapped} mapped ${mapped === 1 ? 'header' : 'headers'} found`;
          console.log(
            `source    ${name}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes.toLocaleString('en')} bytes${headers}`,
          );
        }
      }),
  );

interface CheckedSource {
  readonly files: number;
  readonly bytes: number;
  /** Of a customer table. */
  readonly mapped?: number;
}

/** The files of a source. Those of customers are opened: their columns are named here, and not by a query of their own. */
async function checkSource(store: ObjectStore, cacheFolder: string, source: AnySource): Promise<CheckedSource> {
  const isOfCustomers = isCustomerSource(source);
  const files = isOfCustomers
    ? await customerFiles(store, source)
    : Object.values(await listSourceFiles(store, source)).flat();
  const found = { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
  if (!isOfCustomers) return found;
  const { signal } = new AbortController();
  const reading = { store, cacheFolder, signal, transferring: async <T>(_: string, work: Promise<T>) => work };
  return { ...found, ...(await checkCustomerFiles({ ...reading, progress: () => {} }, source, files)) };
}
