import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import type { MultipartUpload, S3Client } from '@aws-sdk/client-s3';
import { TEMPORARY_SEGMENT } from './object-store.js';
import type { Leftover } from './object-store.js';
import { nameOf } from './s3-failure.js';

export interface UploadSweep {
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  readonly before: Date;
  readonly dryRun: boolean;
}

/**
 * Ends multipart uploads that were begun before a moment, whose parts are paid for though no listing shows them, and
 * removes what probes left.
 */
export async function sweepUploads(client: S3Client, sweep: UploadSweep): Promise<readonly Leftover[]> {
  const { bucket: Bucket, prefix, before, dryRun } = sweep;
  const found: Leftover[] = [];
  for (const { Key, UploadId, Initiated } of await unfinishedUploads(client, sweep)) {
    if (Key === undefined || UploadId === undefined || Initiated === undefined || Initiated >= before) continue;
    const bytes = await partBytes(client, { Bucket, Key, UploadId }).catch(ignoreGone);
    if (bytes === undefined) continue;
    if (!dryRun) await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(ignoreGone);
    found.push({ kind: 'unfinished writes', name: Key, bytes });
  }
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket, Prefix: `${prefix}${TEMPORARY_SEGMENT}/` },
  )) {
    for (const { Key = '', Size = 0, LastModified } of Contents) {
      if (LastModified === undefined || LastModified >= before) continue;
      if (!dryRun) await client.send(new DeleteObjectCommand({ Bucket, Key }));
      found.push({ kind: 'unfinished writes', name: Key, bytes: Size });
    }
  }
  return found;
}

async function unfinishedUploads(
  client: S3Client,
  { bucket, prefix }: UploadSweep,
): Promise<readonly MultipartUpload[]> {
  const all: MultipartUpload[] = [];
  let from: { readonly KeyMarker?: string | undefined; readonly UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const request = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...from });
    const { Uploads = [], IsTruncated, NextKeyMarker, NextUploadIdMarker } = await client.send(request);
    all.push(...Uploads);
    if (IsTruncated !== true || NextKeyMarker === undefined) return all;
    from = { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
  }
}

async function partBytes(
  client: S3Client,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string },
): Promise<number> {
  let bytes = 0;
  let from: { readonly PartNumberMarker?: string } = {};
  for (;;) {
    // Not the SDK's paginator: it goes on while there is a marker, and some servers always give one.
    const {
      Parts = [],
      IsTruncated,
      NextPartNumberMarker,
    } = await client.send(new ListPartsCommand({ ...upload, ...from }));
    for (const { Size = 0 } of Parts) bytes += Size;
    if (IsTruncated !== true || NextPartNumberMarker === undefined) return bytes;
    from = { PartNumberMarker: NextPartNumberMarker };
  }
}

/** It was completed or ended since it was listed. */
function ignoreGone(error: unknown): undefined {
  if (nameOf(error) !== 'NoSuchUpload') throw error;
}
