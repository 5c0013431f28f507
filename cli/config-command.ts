import { Command } from 'commander';
import { checkCallbackDags } from '../config/callbacks.js';
import { isCustomerSource } from '../config/any-source.js';
import { notMeantFor } from '../config/dag-source.js';
import { runParams, SOME_DATE } from '../config/run-params.js';
import { openStore } from '../lake/open-store.js';
import { listFiles, listSourceFiles } from '../lake/source-files.js';
import { DAGS } from '../workflows/dags.js';
import { commandConfig } from './command-config.js';
import { plannedSchedules } from './planned-schedules.js';

export const configCommand = (): Command =>
  new Command('config').description('About the configuration.').addCommand(
    new Command('check')
      .description(
        'Checks the configuration, that the lake can be written, that the sources are there, that each DAG gets its parameters.',
      )
      .option('--json', 'as JSON')
      .action(async ({ json }: { readonly json?: true }, command: Command) => {
        const config = await commandConfig(command);
        const store = openStore(config.lake, config.s3);
        await store.probe();
        const sources: { [name: string]: { files: number; bytes: number } } = {};
        for (const [name, source] of Object.entries(config.sources)) {
          const files = isCustomerSource(source)
            ? await listFiles(store, name, source, ['csv', 'xlsx'])
            : Object.values(await listSourceFiles(store, source)).flat();
          sources[name] = { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
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
        for (const [name, { files, bytes }] of Object.entries(sources)) {
          console.log(
            `source    ${name}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes.toLocaleString('en')} bytes`,
          );
        }
      }),
  );
