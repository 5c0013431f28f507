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
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

const INSTALLED = at('node_modules', '.segmenta-lock');
const BUNDLE = at('dist', 'workflow-bundle.js');
const BUILT = at('dist', '.built');

/** Folders whose sources are compiled. */
const SOURCES = 'activities bench cli config customers dag demo infra kernels lake test worker workflows'.split(' ');

/** Sets up what is not current; costs a few milliseconds where all is. */
export async function setup() {
  if (isCurrent()) return;
  const started = new Date();
  installPackages();
  compile();
  linkCommand();
  await bundleWorkflows();
  writeFileSync(BUILT, lockHash());
  // A source that is saved during the build is newer than what was built.
  utimesSync(BUILT, started, started);
}

/** Whether everything was built from this lockfile, after the last change of a source. */
function isCurrent() {
  if (!existsSync(BUILT) || readFileSync(BUILT, 'utf8') !== lockHash()) return false;
  const built = statSync(BUILT).mtimeMs;
  return (
    SOURCES.every((folder) => newestIn(at(folder)) <= built) && statSync(at('tsconfig.base.json')).mtimeMs <= built
  );
}

/** Folders count too: a file that was removed changes them. */
function newestIn(folder) {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? newestIn(join(folder, entry.name)) : statSync(join(folder, entry.name)).mtimeMs,
  );
  return Math.max(statSync(folder).mtimeMs, ...times);
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');

function installPackages() {
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lockHash()) return;
  console.error('installing packages (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']);
  writeFileSync(INSTALLED, lockHash());
}

function compile() {
  removeOrphans();
  run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '-b', 'test']);
  compileKernels();
}

/** WebAssembly: the memory is the caller's, and code allocates nothing. */
function compileKernels() {
  const options =
    '-O3 --noAssert --runtime stub --importMemory --noExportMemory --sharedMemory --initialMemory 1 --maximumMemory 65536 --enable simd --enable threads';
  run(process.execPath, [
    at('node_modules', 'assemblyscript', 'bin', 'asc.js'),
    at('kernels', 'wasm', 'assembly', 'index.ts'),
    '--outFile',
    at('dist', 'kernels', 'wasm', 'kernels.wasm'),
    ...options.split(' '),
  ]);
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

async function bundleWorkflows() {
  const { bundleWorkflowCode } = await import(
    pathToFileURL(at('node_modules', '@temporalio', 'worker', 'lib', 'index.js'))
  );
  const silent = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: at('dist', 'workflows', 'index.js'), logger: silent });
  writeFileSync(BUNDLE, code);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup();
