import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { FileStore } from './file-store.js';
import type { ObjectStore } from './object-store.js';
import { isKey } from './object-store.js';
import { S3Store } from './s3-store.js';
import { LakeAccess } from './store-errors.js';

/** Settings of an `s3://` lake; what is left out comes from the standard AWS variables, profiles and roles. */
export interface StoreOptions {
  /** For servers other than Amazon's: `http://localhost:9000`. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** `http://host/bucket/key` instead of `http://bucket.host/key`. Default: only where an endpoint is set. */
  readonly forcePathStyle?: boolean;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * The object store at `url`: a plain path, `file:///path`, or `s3://bucket/prefix`.
 * Nothing is touched or connected to before the first operation. Throws `LakeAccess` for a URL that names no store.
 */
export function openStore(url: string, options: StoreOptions = {}): ObjectStore {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 's3') return openS3(url, options);
  if (scheme === 'file') return new FileStore(folderOf(url));
  if (scheme !== undefined || url.trim() === '') throw unknownStore(url);
  return new FileStore(url);
}

const unknownStore = (url: string, cause?: unknown): LakeAccess =>
  new LakeAccess(
    { store: JSON.stringify(url), operation: 'open' },
    'this names no store',
    'Expected a path, file:///path or s3://bucket/prefix',
    { cause },
  );

function folderOf(url: string): string {
  // new URL would read 'file:lake' as /lake, silently.
  if (!url.toLowerCase().startsWith('file:/')) throw unknownStore(url);
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw unknownStore(url, error);
  }
}

function openS3(url: string, options: StoreOptions): ObjectStore {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/i.exec(url);
  const bucket = match?.[1];
  const prefix = match?.[2] ?? '';
  if (bucket === undefined || (prefix !== '' && !isKey(prefix))) throw unknownStore(url);

  const endpoint = options.endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const config: S3ClientConfig = {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
    // Servers other than Amazon's rarely care, but a signature needs one.
    ...(region !== undefined ? { region } : endpoint === undefined ? {} : { region: 'us-east-1' }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  };
  return new S3Store(new S3Client(config), { bucket, prefix, endpoint: endpoint ?? 'Amazon S3' });
}
