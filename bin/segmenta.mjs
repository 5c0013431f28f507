#!/usr/bin/env node
// Sets the clone up where that is still to do, then hands over to the compiled command.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main)) || process.argv[2] === 'demo') {
  const { setup } = await import('../scripts/setup.mjs');
  await setup({ quiet: true });
}
await import(main.href);
