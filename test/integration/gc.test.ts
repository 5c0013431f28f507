import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { collectGarbage } from '../../lake/gc/collect-garbage.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { gcContract } from '../contract/gc-contract.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-gc-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const HOUR = 3_600_000;
const GC = { tables: ['tabla'], runsMs: 24 * HOUR, graceMs: HOUR };
const twoHoursAgo = new Date(Date.now() - 2 * HOUR);

gcContract('a local folder', async () => openStore(join(scratch, randomUUID())));

describe('gc of a lake in a local folder', () => {
  it('removes what killed writers left, and folders that have been empty, when they are old enough', async () => {
    const lake = join(scratch, randomUUID());
    const store = openStore(lake);
    await store.write('raw/a.csv', 'x');
    const [old, young] = [join(lake, '.segmenta-tmp', 'old'), join(lake, '.segmenta-tmp', 'young')];
    for (const file of [old, young]) await writeFile(file, 'half an obj');
    await utimes(old, twoHoursAgo, twoHoursAgo);
    const [emptied, fresh] = [join(lake, 'tabla', 'fecha_modelo=2017-07-03'), join(lake, 'exports', 'new')];
    for (const folder of [emptied, fresh, join(lake, 'raw', 'inbox')]) await mkdir(folder, { recursive: true });
    for (const folder of [emptied, join(lake, 'raw', 'inbox')]) await utimes(folder, twoHoursAgo, twoHoursAgo);
    const told = await collectGarbage(store, { ...GC, dryRun: true });
    expect(await readdir(join(lake, '.segmenta-tmp'))).toEqual(['old', 'young']);
    const { removed } = await collectGarbage(store, GC);
    expect(told.removed).toEqual(removed);
    expect(removed).toMatchObject([
      { kind: 'unfinished writes', key: old, bytes: 11 },
      { kind: 'empty folders', key: emptied, bytes: 0 },
    ]);
    expect(await readdir(join(lake, '.segmenta-tmp'))).toEqual(['young']);
    expect(await readdir(join(lake, 'raw'))).toEqual(['a.csv', 'inbox']);
    expect(await readdir(join(lake, 'exports'))).toEqual(['new']);
  });
});

const s3 = inject('s3');
describe.skipIf(s3 === null)(s3 === null ? `S3 (skipped: ${inject('s3Absence')})` : 'S3', () => {
  const { endpoint, region, ...credentials } = s3 ?? { endpoint: '', region: '', accessKeyId: '', secretAccessKey: '' };
  const options = { endpoint, region, credentials };
  const bucket = `segmenta-${randomUUID()}`;
  let client: S3Client;

  beforeAll(async () => {
    client = new S3Client({ ...options, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(() => client.destroy());

  const open = async (): Promise<ObjectStore> => openStore(`s3://${bucket}/${randomUUID()}`, options);
  gcContract('S3', open);

  it('ends uploads of its own prefix that were never finished, when they are old enough', async () => {
    const prefix = randomUUID();
    const store = openStore(`s3://${bucket}/${prefix}`, options);
    const [ours, theirs] = [`${prefix}/artifacts/thing/half`, `${randomUUID()}/other`];
    for (const Key of [ours, theirs]) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
      await client.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: 1, Body: 'half' }));
    }
    const unfinished = async (): Promise<readonly (string | undefined)[]> => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.map(({ Key }) => Key);
    };
    expect((await collectGarbage(store, GC)).removed).toEqual([]);
    expect(await unfinished()).toContain(ours);
    // Their time is the server's: a grace period that ends in the future makes them old.
    const { removed } = await collectGarbage(store, { ...GC, graceMs: -HOUR });
    expect(removed).toMatchObject([{ kind: 'unfinished writes', key: ours, bytes: 4 }]);
    expect(await unfinished()).toEqual([theirs]);
  });
});
