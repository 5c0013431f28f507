import { version as duckdb } from '@duckdb/node-api';

/**
 * Part of every cache key. The first number is ours: raise it when code below the tasks (kernels, codecs, artifact
 * layout) changes what bytes come out; the rest follows the query engine, which writes them.
 */
export const ENGINE_VERSION = `1+duckdb-${duckdb()}`;
