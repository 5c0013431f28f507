import { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { openStore } from '../lake/open-store.js';
import { readHistory, rowsOf } from '../lake/partition-history.js';
import type { PartitionVersion, TableHistory } from '../lake/partition-history.js';
import { commandConfig } from './command-config.js';
import { findTable, TABLE_NAMES } from './find-table.js';
import { drawTable } from './table.js';

interface HistoryOptions {
  readonly fecha?: string;
  readonly json?: true;
}

export const historyCommand = (): Command =>
  new Command('history')
    .description('Shows what happened to a published table: which run or person changed which date, and when.')
    .argument('<table>', TABLE_NAMES)
    .option('--fecha <date>', 'of one partition (default: of all)')
    .option('--json', 'as JSON')
    .action(async (name: string, { fecha, json }: HistoryOptions, command: Command) => {
      const table = findTable(name);
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const history = await readHistory(store, table.name);
      if (history.version < 0) {
        throw new BadConfig(`The lake ${store.url} has no table ${table.name} yet: run a DAG that publishes it`);
      }
      const entries = entriesOf(history, fecha);
      if (json) {
        console.log(JSON.stringify({ table: name, lake: store.url, version: history.version, history: entries }));
        return;
      }
      console.log(`${name} in ${store.url}, version ${history.version}`);
      const head = ['fecha_modelo', 'version', 'when', 'operation', 'by', 'rows', 'content', 'note'];
      console.log(
        drawTable(
          head,
          entries.map((entry) => [
            entry.fecha,
            entry.version,
            entry.when,
            entry.operation,
            entry.by ?? entry.run,
            entry.rows,
            entry.sha256?.slice(0, 12),
            noteOf(entry),
          ]),
        ),
      );
    });

type Entry = Omit<PartitionVersion, 'files'> & {
  readonly fecha: string;
  readonly rows: number;
  /** Of the content; null where another program wrote it, or removed the partition. */
  readonly sha256: string | null;
  /** What the log names now. */
  readonly current: boolean;
};

/** Newest first. */
function entriesOf({ table, partitions }: TableHistory, fecha: string | undefined): readonly Entry[] {
  if (fecha !== undefined && !partitions.has(fecha)) {
    const dates = [...partitions.keys()].toSorted().join(', ');
    throw new BadConfig(`Expected one of the dates of ${table} (${dates}), got ${fecha}`);
  }
  const entries = [...partitions]
    .filter(([date]) => fecha === undefined || date === fecha)
    .flatMap(([date, versions]) =>
      versions.map((version, i): Entry => {
        const { files, ...said } = version;
        const sha256 = files.length === 1 ? (files[0]?.tags.sha256 ?? null) : null;
        return { fecha: date, ...said, rows: rowsOf(version), sha256, current: i === versions.length - 1 };
      }),
    );
  return entries.toSorted((a, b) => b.version - a.version || (a.fecha < b.fecha ? -1 : 1));
}

function noteOf({ current, restored, why }: Entry): string {
  const parts = [current ? 'current' : '', restored === undefined ? '' : `content of version ${restored}`, why ?? ''];
  return parts.filter((part) => part !== '').join('; ');
}
