import { Command } from 'commander';
import { confirmAudience, createAudience } from '../activities/lookalikes/change-audience.js';
import type { CommittedAudiences } from '../activities/lookalikes/commit-audiences.js';
import { readDateAudiences } from '../activities/lookalikes/date-audiences.js';
import { taggedLookalikes } from '../activities/lookalikes/lookalike-tags.js';
import { LOOKALIKES_TABLE } from '../activities/lookalikes/open-lookalikes.js';
import { lookAtAudience } from '../activities/lookalikes/look-at-audience.js';
import type { AudienceView } from '../activities/lookalikes/look-at-audience.js';
import { writeCampaignList } from '../activities/lookalikes/write-campaign-list.js';
import type { TaskContext } from '../activities/define-activity.js';
import { BadConfig } from '../config/bad-config.js';
import { BadCondition } from '../customers/condition.js';
import { AUDIENCIAS_RESUMEN } from '../lake/audience-tables.js';
import { openStore } from '../lake/open-store.js';
import { atWork } from './audience-workplace.js';
import { audienceLines, audienceTable } from './audience-lines.js';
import { requestedAudience } from './audience-request.js';
import type { CreateOptions } from './audience-request.js';
import { commandConfig } from './command-config.js';
import { jsonText } from './json-text.js';
import { publishedFile } from './read-published.js';
import { operatorName } from './run-request.js';

interface DateOptions {
  readonly fecha?: string;
  readonly out?: string;
  readonly json?: true;
}

interface WhoOptions {
  readonly as?: string;
  readonly why?: string;
}

interface ConfirmOptions extends DateOptions, WhoOptions {
  readonly fecha: string;
  readonly why: string;
}

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export const audienceCommand = (): Command =>
  new Command('audience')
    .description('Audiences of a published date: the customers most like some seeds.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(confirmCommand());

const createCommand = (): Command =>
  new Command('create')
    .description('Makes an audience by hand, and adds it to those of the date.')
    .argument('<name>', 'in lower case, such as mejores_clientes')
    .requiredOption('--seeds <file|condition>', 'ids, one a line or in a column customer_id; may be repeated', several)
    .option('--size <customers>', 'how many')
    .option('--reach <share>', 'which share of those who may be in it, such as 2%')
    .option('--min-similarity <percentile>', 'who is at least so high among all who are no seeds, such as 0.9')
    .option('--filter <condition>', 'who may be in it, such as region_clean=norte,vip_flag=false')
    .option('--suppress <file|condition>', 'who must not be in it; may be repeated', several)
    .option('--score <way>', 'contrast or mean-distance (default: contrast)')
    .option('--min-seeds <count>', 'fewer seeds are an error (default: 50)')
    .option('--max-change <share>', 'a size that changed by more against the date before is held (default: 0.5)')
    .option('--seed <number>', 'of the random samples', '42')
    .option('--fecha <date>', 'the published date (default: the newest)')
    .option('--out <file>', 'writes the campaign list as csv')
    .option('--why <reason>', 'the reason, for the history of the tables')
    .option('--as <name>', 'who makes it; default: the name of your user')
    .option('--json', 'as JSON')
    .action(
      async (
        name: string,
        options: CreateOptions & DateOptions & WhoOptions & { readonly seed: string },
        command: Command,
      ) => {
        const seed = Number(options.seed);
        if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
          throw new BadConfig(`--seed: Expected a whole number of 0..2^32 - 1, got '${options.seed}'`);
        }
        const audience = await requestedAudience(name, options);
        const config = await commandConfig(command);
        const store = openStore(config.lake, config.s3);
        const { fecha, tags } = await publishedFile(store, LOOKALIKES_TABLE, options.fecha);
        const behind = taggedLookalikes(tags);
        if (behind === undefined)
          throw new BadConfig(`The partition ${fecha} was published without an index: run it again`);
        const { as: by = operatorName(), why } = options;
        await atWork(config, store, by, async (context) => {
          const change = { fecha, by, codec: 'snappy', ...(why === undefined ? {} : { why }) } as const;
          const { index, customers } = behind;
          const work = createAudience(context, { ...change, audience, index, customers, seed });
          const done = await work.catch((error: unknown) => {
            if (!(error instanceof BadCondition)) throw error;
            throw new BadConfig(`audience ${name}: ${error.message}`, { cause: error });
          });
          await say(context, fecha, name, options, done);
        });
      },
    );

const confirmCommand = (): Command =>
  new Command('confirm')
    .description('Publishes an audience that is held because its size moved too far.')
    .argument('<name>', 'the audience')
    .requiredOption('--fecha <date>', 'the date')
    .requiredOption('--why <reason>', 'kept with the audience, and in the history of the tables')
    .option('--out <file>', 'writes the campaign list as csv')
    .option('--as <name>', 'who confirms; default: the name of your user')
    .option('--json', 'as JSON')
    .action(async (name: string, options: ConfirmOptions, command: Command) => {
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const { fecha, as: by = operatorName(), why } = options;
      await publishedFile(store, AUDIENCIAS_RESUMEN.name, fecha);
      await atWork(config, store, by, async (context) => {
        const done = await context.withDuckDb('UTC', async (db) =>
          confirmAudience(db, context, { fecha, by, why, audience: name, codec: 'snappy' }),
        );
        const { row } = await say(context, fecha, name, options, done);
        if (done.confirmedNow) return;
        const who = row.confirmada_por === null ? '' : ` since ${row.confirmada_por} confirmed it`;
        console.error(`Nothing to confirm: ${name} of ${fecha} is published already${who}`);
      });
    });

const showCommand = (): Command =>
  new Command('show')
    .description('One audience: what to expect of it by its size, and whom it shares with the others of the date.')
    .argument('<name>', 'the audience')
    .option('--fecha <date>', 'the date (default: the newest)')
    .option('--out <file>', 'writes the campaign list as csv')
    .option('--json', 'as JSON')
    .action(async (name: string, options: DateOptions, command: Command) => {
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const { fecha } = await publishedFile(store, AUDIENCIAS_RESUMEN.name, options.fecha);
      await atWork(config, store, operatorName(), async (context) => say(context, fecha, name, options));
    });

const listCommand = (): Command =>
  new Command('list')
    .description('The audiences of a date.')
    .option('--fecha <date>', 'the date (default: the newest)')
    .option('--json', 'as JSON')
    .action(async (options: DateOptions, command: Command) => {
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const { fecha } = await publishedFile(store, AUDIENCIAS_RESUMEN.name, options.fecha);
      await atWork(config, store, operatorName(), async (context) => {
        const { audiences } = await context.withDuckDb('UTC', async (db) => readDateAudiences(db, context, fecha));
        const rows = audiences.map(({ row }) => row);
        console.log(options.json ? jsonText({ fecha, audiences: rows }) : `${fecha}\n${audienceTable(rows)}`);
      });
    });

/** Prints an audience, and writes its campaign list where one is asked for: never of one that is held. */
async function say(
  context: TaskContext,
  fecha: string,
  name: string,
  { out, json }: DateOptions,
  done?: CommittedAudiences,
): Promise<AudienceView> {
  const view = await context.withDuckDb('UTC', async (db): Promise<AudienceView> => {
    const seen = await lookAtAudience(db, context, fecha, name);
    if (out !== undefined && seen.row.estado === 'publicada') await writeCampaignList(db, seen.members, out);
    return seen;
  });
  const { members: _file, ...shown } = view;
  const { estado, motivo } = view.row;
  const list = out === undefined || estado === 'retenida' ? null : out;
  if (json) {
    const tables = done?.tables.map(({ table, version, unchanged }) => ({ table, version, unchanged })) ?? [];
    console.log(jsonText({ fecha, ...shown, list, tables }));
  } else {
    for (const line of audienceLines(fecha, view.row, view.report, view.overlaps)) console.log(line);
    if (list !== null) console.log(`campaign list: ${list}`);
  }
  if (estado === 'publicada') return view;
  const where = out === undefined ? '' : ` No list was written to ${out}.`;
  console.error(
    `${name} is held: ${motivo}.${where} \`segmenta audience confirm ${name} --fecha ${fecha} --why "…"\` publishes it`,
  );
  return view;
}
