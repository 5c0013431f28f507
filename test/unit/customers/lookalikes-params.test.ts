import { describe, expect, it } from 'vitest';
import { lookalikesParams } from '../../../workflows/lookalikes-params.js';

const source = {
  name: 'crm',
  path: '/data/crm.csv',
  columns: {
    customer_id: { kind: 'id' },
    vip_flag: { kind: 'flag' },
    recency: { kind: 'days' },
    alta: { kind: 'date' },
    region_clean: { kind: 'category' },
  },
};
const checked = (audience: object) =>
  lookalikesParams.safeParse({ fecha: '2026-11-16', source, audiences: [{ name: 'a', size: 5, ...audience }] });

describe('the conditions of audiences', () => {
  it('may be of every column of the cleaned table, the ones beside those of the file too', () => {
    const where = 'vip_flag=true,recency_never=false,recency<30,alta>=2024-01-01';
    expect(
      checked({ seeds: { where }, filter: 'region_clean=norte', suppress: [{ where: 'flags=x:y' }] }).success,
    ).toBe(true);
  });

  it.each([
    [{ seeds: { where: 'vipflag=true' } }, ['audiences', 0, 'seeds', 0, 'where'], "got 'vipflag'"],
    [{ seeds: { where: 'vip_flag=quizás' } }, ['audiences', 0, 'seeds', 0, 'where'], 'Expected true or false'],
    [{ seeds: { ids: ['1'] }, filter: 'alta=ayer' }, ['audiences', 0, 'filter'], 'Expected a date such as'],
    [
      { seeds: { ids: ['1'] }, suppress: [{ where: 'x' }] },
      ['audiences', 0, 'suppress', 0, 'where'],
      'Expected tests such as',
    ],
  ])('%j is refused before anything runs', (audience, path, message) => {
    const { error } = checked(audience);
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.path).toEqual(path);
    expect(error?.issues[0]?.message).toContain('audience a: ');
    expect(error?.issues[0]?.message).toContain(message);
  });
});
