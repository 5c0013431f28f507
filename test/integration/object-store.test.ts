import { randomUUID } from 'node:crypto';
import { access, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { isPermanent } from '../../dag/permanent-error.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { LakeAccess, LakeUnavailable } from '../../lake/store-errors.js';
import { objectStoreContract } from '../contract/object-store-contract.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-store-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const keysOf = async (store: ObjectStore): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
};

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

const failures = (promises: Promise<unknown>[]): Promise<Error[]> => Promise.all(promises.map(failure));

objectStoreContract('a local folder', async () => openStore(join(scratch, randomUUID())));

describe('a lake in a local folder', () => {
  it('is the same by path and by file URL, also with spaces and accents', async () => {
    const byPath = openStore(join(scratch, 'año nuevo'));
    await byPath.write('a/b', 'x');
    const byUrl = openStore(byPath.url);
    expect(byUrl.url).toBe(byPath.url);
    expect(await keysOf(byUrl)).toEqual(['a/b']);
  });

  it('gives the path where an object can be opened', async () => {
    const store = openStore(join(scratch, 'paths'));
    await store.write('a/b', 'x');
    expect((await stat(store.localPath('a/b') ?? '')).size).toBe(1);
  });

  it('is made by the first write, and not by looking or probing', async () => {
    const folder = join(scratch, 'deep', 'lake');
    const store = openStore(folder);
    await store.head('a');
    await store.probe();
    await expect(access(join(scratch, 'deep'))).rejects.toThrow('ENOENT');
    await store.write('a', 'x');
    expect(await keysOf(store)).toEqual(['a']);
  });

  it.each(['table/date', '.segmenta-tmp', '.'])('writes again where others have removed %s', async (removed) => {
    const folder = join(scratch, randomUUID());
    const store = openStore(folder);
    const file = join(scratch, randomUUID());
    await writeFile(file, 'x');
    await store.write('table/date/a', 'x');
    await rm(join(folder, removed), { recursive: true });
    await store.write('table/date/b', 'x');
    await rm(join(folder, removed), { recursive: true });
    expect(await store.create('table/date/c', { path: file })).toBe('created');
    expect(await readdir(join(folder, '.segmenta-tmp'))).toEqual([]);
  });

  it('never lists what a crashed writer left, and leaves no temporary file itself', async () => {
    const folder = join(scratch, 'litter');
    const store = openStore(folder);
    await store.create('a', 'x');
    await store.create('a', 'y');
    await store.write('table/b', 'x');
    expect(await readdir(join(folder, '.segmenta-tmp'))).toEqual([]);
    await writeFile(join(folder, '.segmenta-tmp', randomUUID()), 'half an obj');
    expect(await keysOf(store)).toEqual(['a', 'table/b']);
    expect(await readdir(join(folder, 'table'))).toEqual(['b']);
  });

  it('follows a linked folder and passes over a dangling link', async () => {
    const target = openStore(join(scratch, 'link-target'));
    await target.write('b', 'x');
    const store = openStore(join(scratch, 'links'));
    await store.write('c', 'x');
    await symlink(join(scratch, 'link-target'), join(scratch, 'links', 'a'));
    await symlink(join(scratch, 'nowhere'), join(scratch, 'links', 'dangling'));
    expect((await keysOf(store)).filter((key) => !key.includes('.segmenta-tmp'))).toEqual(['a/b', 'c']);
  });

  it('changes the etag when a file of the same size and time takes the place of another', async () => {
    const store = openStore(join(scratch, 'etags'));
    const etags = new Set<string | undefined>();
    for (const body of ['aaa', 'bbb', 'ccc']) {
      await store.write('a', body);
      etags.add((await store.head('a'))?.etag);
    }
    expect(etags.size).toBe(3);
  });

  it.each(['the lake itself', 'a folder above it'])(
    'is refused for good where a file is in place of %s',
    async (what) => {
      const file = join(scratch, randomUUID());
      await writeFile(file, 'a regular file');
      const store = openStore(what === 'the lake itself' ? file : join(file, 'lake'));
      for (const error of await failures([
        store.probe(),
        store.create('a', 'x'),
        store.write('a', 'x'),
        store.head('a'),
        keysOf(store),
      ])) {
        expect(error).toBeInstanceOf(LakeAccess);
        expect(isPermanent(error)).toBe(true);
        expect(error.message).toContain(store.url);
        expect(error.message).toContain('A file stands where a folder is expected');
      }
    },
  );

  it('refuses an object where a folder is', async () => {
    const store = openStore(join(scratch, 'folders'));
    await store.write('a/b', 'x');
    for (const error of await failures([store.create('a', 'x'), store.write('a', 'x')])) {
      expect(error).toBeInstanceOf(LakeAccess);
    }
    expect(await keysOf(store)).toEqual(['a/b']);
  });
});

describe('openStore', () => {
  it.each(['', 'gs://bucket/x', 'http://host/x', 'file:relative', 's3://', 's3://b', 's3://bucket/../x', 's3:bucket'])(
    'says what it expects, given %j',
    (url) => {
      expect(() => openStore(url)).toThrow(LakeAccess);
      expect(() => openStore(url)).toThrow(/Expected a path, file:\/\/\/path or s3:\/\/bucket\/prefix/);
    },
  );

  it('takes a bucket with or without a prefix', () => {
    expect(openStore('s3://my-bucket', { region: 'eu-west-1' }).url).toBe('s3://my-bucket');
    expect(openStore('s3://my-bucket/a/b/', { region: 'eu-west-1' }).url).toBe('s3://my-bucket/a/b');
  });
});

const s3 = inject('s3');

describe.skipIf(s3 === null)('on an S3 server', () => {
  // Empty strings are never used: without a server nothing below runs.
  const { endpoint, region, ...credentials } = s3 ?? { endpoint: '', region: '', accessKeyId: '', secretAccessKey: '' };
  const options = { endpoint, region, credentials };
  const bucket = `segmenta-${randomUUID()}`;
  let client: S3Client;

  beforeAll(async () => {
    client = new S3Client({ ...options, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(() => client.destroy());

  objectStoreContract('S3', async () => openStore(`s3://${bucket}/${randomUUID()}`, options));

  it('leaves no unfinished upload where a large object was there already', async () => {
    const store = openStore(`s3://${bucket}/uploads`, options);
    const bodies = [1, 2, 3].map((fill) => Buffer.alloc(9 * 1024 * 1024, fill));
    const results = await Promise.all(bodies.map((body) => store.create('large', body)));
    expect(results.filter((result) => result === 'created')).toHaveLength(1);
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads.filter(({ Key }) => Key === 'uploads/large')).toEqual([]);
  });

  it('passes over folder markers and its own temporary objects', async () => {
    const store = openStore(`s3://${bucket}/markers`, options);
    await store.write('folder/a', 'x');
    for (const Key of ['markers/folder/', 'markers/.segmenta-tmp/probe']) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(Key.endsWith('/') ? '' : 'x') }));
    }
    expect(await keysOf(store)).toEqual(['folder/a']);
  });

  it('takes endpoint, region and credentials from the standard variables', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
    vi.stubEnv('AWS_REGION', region);
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
    try {
      await openStore(`s3://${bucket}/environment`).probe();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([
    ['an unknown key id', { credentials: { ...credentials, accessKeyId: 'nobody' } }, 'AWS_ACCESS_KEY_ID'],
    ['a wrong secret', { credentials: { ...credentials, secretAccessKey: 'wrong' } }, 'AWS_SECRET_ACCESS_KEY'],
  ])('refuses %s for good, whatever the operation', async (_, wrong, advice) => {
    const store = openStore(`s3://${bucket}/x`, { ...options, ...wrong });
    for (const error of await failures([
      store.probe(),
      store.head('a'),
      store.read('a'),
      store.create('a', 'x'),
      keysOf(store),
    ])) {
      expect(error).toBeInstanceOf(LakeAccess);
      expect(error.message).toContain(store.url);
      expect(error.message).toContain(advice);
    }
  });

  it('refuses a bucket that is not there for good, whatever the operation', async () => {
    const store = openStore('s3://no-such-bucket-here/x', options);
    for (const error of await failures([
      store.probe(),
      store.head('a'),
      store.read('a'),
      store.create('a', 'x'),
      keysOf(store),
    ])) {
      expect(error).toBeInstanceOf(LakeAccess);
      expect(error.message).toContain('NoSuchBucket');
    }
  });
});

/** A server that answers every request as told, and its endpoint. */
const answering = async (
  answer: (method: string) => { status: number; body?: string },
): Promise<{ endpoint: string; requests: string[]; close: () => void }> => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const method = request.method ?? '';
    requests.push(method);
    request.resume();
    request.on('end', () => {
      const { status, body = '' } = answer(method);
      response
        .writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) })
        .end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  return { endpoint: `http://127.0.0.1:${address.port}`, requests, close: () => server.close() };
};

const s3Error = (code: string): string => `<Error><Code>${code}</Code><Message>told so</Message></Error>`;

describe('an S3 lake whose server', () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

  it('is down is a failure to retry, which names the endpoint', async () => {
    const { endpoint, close } = await answering(() => ({ status: 200 }));
    close();
    const error = await failure(openStore('s3://bucket/x', { endpoint, credentials }).create('a', 'x'));
    expect(error).toBeInstanceOf(LakeUnavailable);
    expect(isPermanent(error)).toBe(false);
    expect(error.message).toContain(endpoint);
    expect(error.message).toContain("create 'a' in lake s3://bucket/x");
  });

  it('has an error of its own is asked three times, and is a failure to retry', async () => {
    const { endpoint, requests, close } = await answering(() => ({ status: 503, body: s3Error('SlowDown') }));
    const error = await failure(openStore('s3://bucket/x', { endpoint, credentials }).read('a'));
    close();
    expect(error).toBeInstanceOf(LakeUnavailable);
    expect(requests).toHaveLength(3);
  });

  it.each([
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'AccessDenied',
    'NoSuchBucket',
    'PermanentRedirect',
    'ExpiredToken',
  ])('answers %s is asked once, and is a failure for good', async (code) => {
    const status = { NoSuchBucket: 404, PermanentRedirect: 301, ExpiredToken: 400 }[code] ?? 403;
    const { endpoint, requests, close } = await answering(() => ({ status, body: s3Error(code) }));
    const error = await failure(openStore('s3://bucket/x', { endpoint, credentials }).write('a', 'x'));
    close();
    expect(error).toBeInstanceOf(LakeAccess);
    expect(error.message).toContain(code);
    expect(requests).toHaveLength(1);
  });

  it('reports a conflict is asked again', async () => {
    let puts = 0;
    const { endpoint, close } = await answering(() =>
      ++puts < 3 ? { status: 409, body: s3Error('ConditionalRequestConflict') } : { status: 200 },
    );
    expect(await openStore('s3://bucket/x', { endpoint, credentials }).create('a', 'x')).toBe('created');
    close();
    expect(puts).toBe(3);
  });

  it('stored the object before its answer was lost counts the bytes as stored', async () => {
    let puts = 0;
    const { endpoint, close } = await answering((method) => {
      if (method === 'PUT') return { status: ++puts === 1 ? 500 : 412, body: s3Error('whatever') };
      return { status: 200, body: 'mine' };
    });
    const store = openStore('s3://bucket/x', { endpoint, credentials });
    expect(await store.create('a', 'mine')).toBe('same');
    close();
    expect(puts).toBe(2);
  });

  it('ignores conditions is found out by the probe', async () => {
    const { endpoint, close } = await answering((method) => ({
      status: 200,
      body: method === 'GET' ? '<ListBucketResult/>' : '',
    }));
    const error = await failure(openStore('s3://bucket/x', { endpoint, credentials }).probe());
    close();
    expect(error).toBeInstanceOf(LakeAccess);
    expect(error.message).toContain("ignored 'If-None-Match: *'");
  });

  it('needs credentials fails fast where none are set, also when the metadata service hangs', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(scratch, 'none'));
    vi.stubEnv('AWS_CONFIG_FILE', join(scratch, 'none'));
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', `http://127.0.0.1:${address.port}`);
    try {
      const started = Date.now();
      const error = await failure(openStore('s3://bucket/x', { region: 'us-east-1' }).probe());
      expect(error).toBeInstanceOf(LakeAccess);
      expect(error.message).toContain('AWS_ACCESS_KEY_ID');
      expect(Date.now() - started).toBeLessThan(10_000);
    } finally {
      vi.unstubAllEnvs();
      silent.closeAllConnections();
      silent.close();
    }
  });
});
