// What the steps of the tour work with: the `segmenta` command as a user runs it, the folder it runs in, and time.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/segmenta.mjs', import.meta.url));

/** Nothing takes so long unless it hangs, on a slow machine too. */
const COMMAND_MS = 120_000;
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 400;

/** Dates ahead of today, so that no run misses its deadline by itself. */
export const day = (n) => new Date(Date.now() + (20 + n) * 86_400_000).toISOString().slice(0, 10);

/** Three stores; `sur` sells 10 units for 15.00. */
export const ordinaryDay = ['norte,pan,3,4.50', 'norte,leche,1,2.25', 'sur,pan,10,15.00', 'centro,vino,2,31.90'];

/**
 * The tour's stage in a folder: `env` is all that its commands see. `transcript` holds what the step at work ran, for who
 * has to find out why it failed.
 */
export function createStage({ folder, env, verbose }) {
  const transcript = [];
  const lake = join(folder, 'lake');
  const note = (text) => {
    transcript.push(text);
    if (verbose) console.log(text.replaceAll(/^/gm, '    '));
  };

  const stage = {
    folder,
    lake,
    transcript,
    /** `npx segmenta <line>`: words are split at spaces, further ones are taken as they are. */
    async segmenta(line, ...words) {
      const args = [...line.split(' '), ...words];
      const ended = await execute(process.execPath, [command, ...args], { cwd: folder, env });
      note(
        [`$ segmenta ${args.join(' ')}`, ended.stdout, ended.stderr, `status ${ended.status}`]
          .filter(Boolean)
          .join('\n'),
      );
      return ended;
    },
    /** As `segmenta`, where it has to succeed; gives what it printed. */
    async ok(line, ...words) {
      const { status, stdout, stderr } = await stage.segmenta(line, ...words);
      assert.equal(status, 0, `Expected status 0, got ${status}: ${stderr}`);
      return stdout;
    },
    /** As `ok`, with `--json`. */
    json: async (line, ...words) => JSON.parse(await stage.ok(line, ...words, '--json')),
    /** As `segmenta`, where it has to be refused with this on standard error. */
    async refused(expected, line, ...words) {
      const { status, stderr } = await stage.segmenta(line, ...words);
      assert.equal(status, 1, 'Expected status 1');
      assert.match(stderr, expected);
      return stderr;
    },
    /** A run to its end, whatever that is: `{ outcome, tasks, outputs }`, and its exit status. */
    async run(line) {
      const { status, stdout, stderr } = await stage.segmenta(`run ${line} --wait --json`);
      assert.notEqual(stdout, '', stderr);
      return { status, stderr, ...JSON.parse(stdout) };
    },
    /** Starts a run and leaves it; gives its run id. */
    start: async (line) => (await stage.json(`run ${line}`)).runId,
    status: async (dag, fecha) => stage.json(`status ${dag} --fecha ${fecha}`),
    /** The run's status, once `test` holds for it. */
    until: async (dag, fecha, what, test) => {
      let seen;
      await eventually(`${dag}/${fecha}: ${what}`, async () => test((seen = await stage.status(dag, fecha))));
      return seen;
    },
    writeSales: async (fecha, lines = ordinaryDay, header = 'tienda,producto,unidades,importe') =>
      stage.write(`raw/ventas-${fecha}.csv`, [header, ...lines, ''].join('\n')),
    async write(key, text) {
      await mkdir(dirname(join(lake, key)), { recursive: true });
      await writeFile(join(lake, key), text);
    },
    remove: async (key) => rm(join(lake, key), { recursive: true }),
    read: async (key) => readFile(join(lake, key), 'utf8'),
    /** How a run ended, as the lake keeps it. */
    record: async (dag, fecha, runId) => JSON.parse(await stage.read(`runs/${dag}/${fecha}/${runId}/run.json`)),
    /** The newest run's record. */
    async lastRecord(dag, fecha) {
      const { runId } = await stage.status(dag, fecha);
      return stage.record(dag, fecha, runId);
    },
    note,
  };
  return stage;
}

/** Looks until `test` holds; fails with `what` where it does not in time. */
export async function eventually(what, test) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await test())) {
    if (Date.now() > deadline) throw new Error(`Expected, and waited in vain: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

export const execute = async (file, args, options) =>
  new Promise((resolve) => {
    execFile(file, args, { ...options, timeout: COMMAND_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : error.code, stdout, stderr }),
    );
  });

/** The states of a run's tasks, by task. */
export const statesOf = ({ tasks }) =>
  Object.fromEntries(Object.entries(tasks).map(([id, { state, cached }]) => [id, cached ? 'cached' : state]));

/** Asserts the states of the named tasks. */
export function expectStates(run, expected) {
  const states = statesOf(run);
  const seen = Object.fromEntries(Object.keys(expected).map((id) => [id, states[id]]));
  assert.deepEqual(seen, expected);
}
