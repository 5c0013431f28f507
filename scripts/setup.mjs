// Makes a clone runnable: installs the packages of the lockfile, compiles, and bundles the workflows. Does only what is
// missing or out of date, so that it can stand before every command. Plain JavaScript: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

export async function setup({ quiet = false } = {}) {
  installPackages();
  compile();
  linkCommand();
  await bundleWorkflows({ quiet });
}

function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules', '.segmenta-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('installing packages (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

function compile() {
  removeOrphans();
  run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '-b', 'test']);
}

/** Compiled files whose source is gone would still run, and be tested. */
function removeOrphans(folder = '') {
  const compiled = at('dist', folder);
  if (!existsSync(compiled)) return;
  for (const entry of readdirSync(compiled, { withFileTypes: true })) {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) removeOrphans(name);
    else if (folder !== '' && !existsSync(at(name.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts')))) rmSync(at('dist', name));
  }
}

/** `npx segmenta` finds the project's own command, without linking anything outside this folder. */
function linkCommand() {
  const link = at('node_modules', '.bin', 'segmenta');
  if (existsSync(link)) return;
  mkdirSync(at('node_modules', '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'bin', 'segmenta.mjs'), link);
}

async function bundleWorkflows({ quiet }) {
  const bundle = at('dist', 'workflow-bundle.js');
  if (existsSync(bundle) && newest('workflows', 'dag', 'lake') <= statSync(bundle).mtimeMs) return;
  if (!quiet) console.error('bundling workflows …');
  const { bundleWorkflowCode } = await import(
    pathToFileURL(at('node_modules', '@temporalio', 'worker', 'lib', 'index.js'))
  );
  const silent = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: at('dist', 'workflows', 'index.js'), logger: silent });
  writeFileSync(bundle, code);
}

function newest(...folders) {
  const files = folders.flatMap((folder) => readdirSync(at('dist', folder)).map((name) => at('dist', folder, name)));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup();
