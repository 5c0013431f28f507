#!/usr/bin/env node
// In a clone, brings the set-up up to date (a few milliseconds where it is), then hands over to the compiled command.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (existsSync(fileURLToPath(new URL('../tsconfig.json', import.meta.url)))) {
  const { setup } = await import('../scripts/setup.mjs');
  await setup();
}
await import(new URL('../dist/cli/main.js', import.meta.url).href);
