import type { Config } from './load-config.js';

/** What a client or a worker connects to Temporal with. TLS that is not said is left to the SDK: on with an API key. */
export const connectionOptions = ({ tls, apiKey }: Config['temporal'], address: string) => ({
  address,
  ...(tls === undefined ? {} : { tls }),
  ...(apiKey === undefined ? {} : { apiKey }),
});
