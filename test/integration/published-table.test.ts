import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { publishedTableContract } from '../contract/published-table-contract.js';
import { revertedPartitionContract } from '../contract/reverted-partition-contract.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-tables-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const openFolder = async (): Promise<ObjectStore> => openStore(join(scratch, randomUUID()));
publishedTableContract('a local folder', openFolder);
revertedPartitionContract('a local folder', openFolder);

const s3 = inject('s3');
describe.skipIf(s3 === null)(s3 === null ? `S3 (skipped: ${inject('s3Absence')})` : 'S3', () => {
  const { endpoint, region, ...credentials } = s3 ?? { endpoint: '', region: '', accessKeyId: '', secretAccessKey: '' };
  const options = { endpoint, region, credentials };
  const bucket = `segmenta-${randomUUID()}`;

  beforeAll(async () => {
    const client = new S3Client({ ...options, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
  });

  const open = async (): Promise<ObjectStore> => openStore(`s3://${bucket}/${randomUUID()}`, options);
  publishedTableContract('S3', open);
  revertedPartitionContract('S3', open);
});
