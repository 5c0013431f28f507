import { isIP } from 'node:net';
import { z } from 'zod';

const ADDRESS = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+)):(?<port>\d{1,5})$/;

function isListenAddress(text: string): boolean {
  const { v4 = '', v6 = '', port } = ADDRESS.exec(text)?.groups ?? {};
  return (isIP(v4) === 4 || isIP(v6) === 6) && Number(port) >= 1 && Number(port) <= 65_535;
}

/** Where a server listens: an IP address of this machine (0.0.0.0 for all) and a port. Names are not looked up. */
export const listenAddress = z
  .string()
  .refine(isListenAddress, { error: "Expected an IP address and a port, such as '127.0.0.1:9464'" });
