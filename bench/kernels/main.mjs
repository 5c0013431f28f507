#!/usr/bin/env node
// Brings the set-up up to date, then hands over to the compiled bench: `node bench/kernels/main.mjs --help`.
import { fileURLToPath } from 'node:url';
import { setup } from '../../scripts/setup.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
await setup();
await import(new URL('../../dist/bench/kernels/bench.js', import.meta.url).href);
