import { LakeAccess, LakeUnavailable } from './store-errors.js';
import type { StoreOperation } from './store-errors.js';

const CREDENTIALS =
  'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role they come from';
const POLICY =
  'Check that the credentials may s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there (without s3:ListBucket an absent object looks denied)';
const BUCKET = 'Check the bucket name, AWS_REGION and the endpoint; the bucket is not made for you';
const REGION = 'Set AWS_REGION to the region of the bucket';

/** Error codes of S3 and of the SDK's credential chain that no retry cures, with what to check. */
const REMEDIES: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: CREDENTIALS,
  // versitygw's word for it, with status 404.
  XAdminUserNotFound: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  ExpiredToken: CREDENTIALS,
  InvalidToken: CREDENTIALS,
  TokenRefreshRequired: CREDENTIALS,
  CredentialsProviderError: CREDENTIALS,
  AccessDenied: POLICY,
  AllAccessDisabled: POLICY,
  AccountProblem: POLICY,
  NoSuchBucket: BUCKET,
  InvalidBucketName: BUCKET,
  PermanentRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
};

/** The parts of the SDK's and Node's errors that are read here; none is always there. */
interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const failureOf = (error: unknown): Failure => (typeof error === 'object' && error !== null ? error : {});

/** The HTTP status that the error came with; `undefined` where no answer came. */
export const statusOf = (error: unknown): number | undefined => failureOf(error).$metadata?.httpStatusCode;

/** The error code of S3 or of the SDK, such as `NoSuchKey`. */
export const nameOf = (error: unknown): string => failureOf(error).name ?? 'Error';

/** How the SDK names a status without an error code. A code that came with 400 may be curable: RequestTimeout, IncompleteBody. */
const BARE_400: ReadonlySet<string> = new Set(['400', 'BadRequest', 'Unknown', 'UnknownError']);

function remedyOf({ name = '', message = '', $metadata }: Failure): string | undefined {
  const known = REMEDIES[name];
  if (known !== undefined) return known;
  if (message.includes('Region is missing')) return REGION;
  // An answer to HEAD has no body, so that its status is all there is: an expired token is a bare 400 there.
  switch ($metadata?.httpStatusCode) {
    case 301:
      return REGION;
    case 400:
      return BARE_400.has(name) ? `${CREDENTIALS}; and AWS_REGION` : undefined;
    case 401:
    case 403:
      return POLICY;
    default:
      return undefined;
  }
}

/** The store's error for one of the SDK's: `LakeAccess` where no retry cures it, `LakeUnavailable` otherwise. */
export function s3Failure(at: StoreOperation, endpoint: string, error: unknown): LakeAccess | LakeUnavailable {
  const failure = failureOf(error);
  // A refused connection to a host of several addresses is an AggregateError with a code and no message.
  const message = failure.message === undefined || failure.message === '' ? failure.code : failure.message;
  const reason = `${nameOf(error)} from ${endpoint}: ${message ?? 'no reason given'}`.replace(/\.$/, '');
  const remedy = remedyOf(failure);
  return remedy === undefined
    ? new LakeUnavailable(at, reason, { cause: error })
    : new LakeAccess(at, reason, remedy, { cause: error });
}
