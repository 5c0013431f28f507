import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BadConfig } from '../../../config/bad-config.js';
import { checkCallbackDags } from '../../../config/callbacks.js';
import { loadConfig } from '../../../config/load-config.js';
import type { Config } from '../../../config/load-config.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-callbacks-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function callbacks(yaml: string, env: NodeJS.ProcessEnv = {}): Promise<Config['callbacks']> {
  const file = join(scratch, 'segmenta.yaml');
  await writeFile(file, yaml);
  return (await loadConfig({ file, cwd: scratch, env })).callbacks;
}

const refusal = async (yaml: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const error: unknown = await callbacks(yaml, env).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BadConfig);
  return (error as BadConfig).message.replaceAll(`${scratch}/`, '');
};

const one = (entry: string): string => `callbacks: [{ ${entry} }]`;

describe('callbacks in the configuration', () => {
  it('are none by default', async () => {
    expect(await callbacks('')).toEqual([]);
  });

  it('are told of failures and missed deadlines of all DAGs, unsigned, unless they say otherwise', async () => {
    expect(await callbacks(one('url: https://hooks.example.com/segmenta'))).toEqual([
      { url: 'https://hooks.example.com/segmenta', on: ['failure', 'deadline'] },
    ]);
  });

  it('have their key from the variable they name', async () => {
    const yaml = `
callbacks:
  - url: https://hooks.example.com/segmenta
    on: [success]
    dags: [segmentation]
    secretEnv: SEGMENTA_WEBHOOK_SECRET
  - url: http://localhost:9000/
`;
    expect(await callbacks(yaml, { SEGMENTA_WEBHOOK_SECRET: 'hush' })).toEqual([
      { url: 'https://hooks.example.com/segmenta', on: ['success'], dags: ['segmentation'], secret: 'hush' },
      { url: 'http://localhost:9000/', on: ['failure', 'deadline'] },
    ]);
  });

  it.each([{}, { HOOK_KEY: '' }])('are refused with the name of a variable that is not set: %j', async (env) => {
    expect(await refusal(one('url: https://x.example, secretEnv: HOOK_KEY'), env)).toBe(
      'segmenta.yaml: callbacks.0.secretEnv: Expected an HMAC key in the variable HOOK_KEY, which is not set',
    );
  });

  it.each([
    ['on: [failure]', 'url: Invalid input: expected string, received undefined'],
    ["url: 'ftp://x.example'", 'url: Expected a url with http or https, and without user and password'],
    ["url: 'https://user:hush@x.example'", 'url: Expected a url with http or https, and without user and password'],
    ["url: '/hush'", 'url: Expected a url with http or https, and without user and password'],
    ['url: https://x.example, on: []', 'on: Too small: expected array to have >=1 items'],
    ['url: https://x.example, dags: []', 'dags: Too small: expected array to have >=1 items'],
    ['url: https://x.example, on: [failed]', 'on.0: Invalid option: expected one of "success"|"failure"|"deadline"'],
    [
      'url: https://x.example, secretEnv: not-a-name',
      'secretEnv: Expected the name of an environment variable, not the secret',
    ],
  ])('are refused with the key, and without the url: %s', async (entry, expected) => {
    expect(await refusal(one(entry))).toBe(`segmenta.yaml: callbacks.0.${expected}`);
  });

  it('hold no place for the key itself', async () => {
    expect(await refusal(one('url: https://x.example, secret: hush'))).toBe(
      'segmenta.yaml: callbacks.0: Unrecognized key: "secret" (misspelt?)',
    );
  });

  it('are for DAGs that there are', async () => {
    const [callback] = await callbacks(one('url: https://x.example, dags: [segmentation, segmentacion]'));
    const given = callback === undefined ? [] : [callback];
    expect(() => checkCallbackDags(given, ['segmentation', 'segmentacion'])).not.toThrow();
    expect(() => checkCallbackDags(given, ['segmentation', 'lookalikes'])).toThrow(
      "callbacks: Expected one of the DAGs (segmentation, lookalikes) under `dags`, got 'segmentacion'",
    );
  });
});
