import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { version as duckdb } from '@duckdb/node-api';
import { runCommand } from '../../infra/run-command.js';
import type { Limits } from './limits.js';
import { REQUIREMENTS } from './python.js';

const NAMED = new Set(['numpy', 'pandas', 'polars', 'scikit-learn', 'pyarrow', 'faiss-cpu', 'duckdb']);

/** Where the figures come from: lines for the head of a report. */
export async function machineLines({ multiplyAdds, bytes }: Limits): Promise<readonly string[]> {
  const pins = (await readFile(REQUIREMENTS, 'utf8')).split('\n').map((line) => line.split('=='));
  const peers = pins.filter(([name = '']) => NAMED.has(name)).map(([name, version]) => `${name} ${version}`);
  const options = { env: process.env, timeoutMs: 10_000 };
  const python = await runCommand('python3', ['--version'], options).catch(() => 'Python');
  const commit = await runCommand('git', ['describe', '--always', '--dirty'], options).catch(() => 'unknown');
  return [
    `machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}`,
    `load before the first run: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(', ')}`,
    `its limits, in 128-bit SIMD on all cores: ${(multiplyAdds / 1e9).toFixed(1)}e9 multiply-adds of 16 bits and ${(bytes / 1e9).toFixed(1)}e9 bytes read a second`,
    `ours: commit ${commit.trim()}, Node ${process.versions.node}, V8 ${process.versions.v8}, DuckDB ${duckdb()}`,
    `peers: ${python.trim()}, ${peers.join(', ')}`,
  ];
}
