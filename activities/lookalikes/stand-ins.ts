import type { AudienceDefinition } from '../../customers/audience-definition.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import { defineActivity } from '../define-activity.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { Audience, CleanedCustomers, IngestedCustomers, LookalikeIndex } from './handles.js';

const absent = async (): Promise<never> => {
  throw new Error('Expected to be written');
};

export const ingestCustomers = defineActivity<{ readonly source: CustomerSource }, IngestedCustomers>({
  version: 1,
  cache: 'by-content',
  run: absent,
});

export const cleanCustomers = defineActivity<
  IngestedCustomers & {
    readonly source: CustomerSource;
    readonly fecha: string;
    readonly cellLog: boolean;
    readonly codec: ParquetCodec;
  },
  CleanedCustomers
>({ version: 1, cache: 'by-content', run: absent });

export const buildAudience = defineActivity<
  {
    readonly audience: AudienceDefinition;
    readonly customers: CleanedCustomers['customers'];
    readonly index: LookalikeIndex['index'];
    readonly seed: number;
    readonly codec: ParquetCodec;
  },
  Audience
>({ version: 1, cache: 'by-content', run: absent });
