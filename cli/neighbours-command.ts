import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { BadConfig } from '../config/bad-config.js';
import { isArtifact } from '../dag/artifact.js';
import { fitKnn, queryKnn } from '../kernels/knn.js';
import { row } from '../kernels/matrix.js';
import { openArtifact } from '../lake/artifact-store.js';
import type { NamedMatrix } from '../lake/matrix-file.js';
import { readMatrix } from '../lake/matrix-file.js';
import { openStore } from '../lake/open-store.js';
import { CLIENTES_SEGMENTADOS } from '../lake/published-tables.js';
import { commandConfig } from './command-config.js';
import { publishedFile } from './read-published.js';
import { drawTable } from './table.js';

interface NeighboursOptions {
  readonly k: string;
  readonly fecha?: string;
  readonly json?: true;
}

export const neighboursCommand = (): Command =>
  new Command('neighbours')
    .description('The customers most like one customer, by the index published for a date.')
    .argument('<dni>', 'the customer, leading zeros included')
    .option('-k <count>', 'how many', '10')
    .option('--fecha <date>', 'fecha_modelo of the index (default: the newest)')
    .option('--json', 'as JSON')
    .action(async (dni: string, options: NeighboursOptions, command: Command) => {
      const k = Number(options.k);
      if (!Number.isInteger(k) || k < 1)
        throw new BadConfig(`-k: Expected a whole number of at least 1, got '${options.k}'`);
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const file = await publishedFile(store, CLIENTES_SEGMENTADOS.name, options.fecha);
      const artifact: unknown = JSON.parse(file.tags.knnIndex ?? 'null');
      if (!isArtifact(artifact))
        throw new BadConfig(`The partition ${file.fecha} was published without an index: run it again`);
      const index = await readMatrix(await openArtifact(store, join(config.home, 'cache'), artifact));
      const neighbours = nearest(index, dni, k, file.fecha);
      if (options.json) console.log(JSON.stringify({ dni, fecha: file.fecha, neighbours }));
      else
        console.log(
          drawTable(
            ['dni', 'distance'],
            neighbours.map(({ dni, distance }) => [dni, distance]),
          ),
        );
    });

/** The `k` nearest by Euclidean distance over the scaled features; the customer is left out by id, its duplicates are not. */
function nearest({ ids, matrix }: NamedMatrix, dni: string, k: number, fecha: string) {
  const self = ids.indexOf(dni);
  if (self < 0) {
    throw new BadConfig(`Expected a dni with a segment on ${fecha}, got '${dni}' (leading zeros count)`);
  }
  const wanted = Math.min(k, ids.length - 1);
  if (wanted === 0) return [];
  const point = { rows: 1, columns: matrix.columns, values: row(matrix, self) };
  const found = queryKnn(fitKnn(matrix), point, wanted, { exclude: Int32Array.of(self) });
  return Array.from(found.indices, (at, i) => ({ dni: z.string().parse(ids[at]), distance: found.distances[i] }));
}
