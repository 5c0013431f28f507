import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isCustomerSource } from '../../../../config/any-source.js';
import { loadConfig } from '../../../../config/load-config.js';
import { headersOf } from '../../../../customers/column-rule.js';
import { argentina } from '../../../../demo/customers/argentina.js';
import { brasil } from '../../../../demo/customers/brasil.js';
import type { Word } from '../../../../demo/customers/customer-profile.js';
import { rawColumns } from '../../../../demo/customers/raw-columns.js';
import { lookalikesParams } from '../../../../workflows/lookalikes-params.js';

describe.each([
  { file: 'configs/lookalikes-demo.yaml', profile: argentina },
  { file: 'configs/lookalikes-demo-brasil.yaml', profile: brasil },
])('$file', ({ file, profile }) => {
  const loaded = async () => {
    const config = await loadConfig({ file, cwd: resolve('.'), env: {} });
    const source = config.sources.clientes;
    if (source === undefined || !isCustomerSource(source)) throw new Error('Expected a source of customers');
    return { config, source };
  };

  it('maps every column of the generated table to that whose truth is written', async () => {
    const { source } = await loaded();
    const mapped = Object.entries(source.columns).flatMap(([column, rule]) =>
      headersOf(column, rule).map((header) => [header, column]),
    );
    expect(Object.fromEntries(mapped)).toEqual(
      Object.fromEntries(rawColumns(profile).map(({ header, of }) => [header, of])),
    );
  });

  it('knows the words of the profile, and the others that mean them', async () => {
    const { source } = await loaded();
    const canonical = (words: readonly Word[]) => Object.fromEntries(words.map(({ word, aliases }) => [word, aliases]));
    const { region_clean, fav_category, signup_channel, gender } = source.columns;
    expect(region_clean).toMatchObject({ values: canonical(profile.regions) });
    expect(fav_category).toMatchObject({ values: canonical(Object.values(profile.goods)) });
    expect(signup_channel).toMatchObject({ values: canonical(Object.values(profile.channels)) });
    expect(gender).toMatchObject({ values: profile.genders });
  });

  it('has parameters that a run of lookalikes takes', async () => {
    const { config, source } = await loaded();
    const params = { ...config.dags.lookalikes, source, fecha: '2026-11-16' };
    expect(lookalikesParams.parse(params).audiences.length).toBeGreaterThan(0);
  });
});
