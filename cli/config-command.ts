import { Command } from 'commander';
import { checkCallbackDags } from '../config/callbacks.js';
import { isCustomerSource } from '../config/any-source.js';
import { runParams } from '../config/run-params.js';
import { openStore } from '../lake/open-store.js';
import { listFiles, listSourceFiles } from '../lake/source-files.js';
import { DAGS } from '../workflows/dags.js';
import { commandConfig } from './command-config.js';
import { plannedSchedules } from './planned-schedules.js';

/** Any date does: what is checked does not depend on it. */
const SOME_DATE = '2000-01-01';

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
        for (const dag of Object.values(DAGS)) runParams(config, dag, SOME_DATE, []);
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
              schedules: schedules.map(({ name }) => name),
            }),
          );
          return;
        }
        console.log(`${file} is correct`);
        console.log(`lake      ${store.url}, can be written`);
        console.log(`temporal  ${temporal.address ?? 'the local dev server'}, namespace ${temporal.namespace}`);
        console.log(`zone      ${timeZone}`);
        for (const { name, dag } of schedules) console.log(`schedule  ${name}: ${dag.id}`);
        for (const [name, { files, bytes }] of Object.entries(sources)) {
          console.log(
            `source    ${name}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes.toLocaleString('en')} bytes`,
          );
        }
      }),
  );
