import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/config-schema.js';

describe('what gc leaves alone, in the configuration', () => {
  it('is ninety days of runs and a day of grace, unless said', () => {
    expect(configSchema.parse({}).keep).toEqual({ runs: '90 days', grace: '1 day' });
    expect(configSchema.parse({ keep: { runs: '2 hours' } }).keep).toEqual({ runs: '2 hours', grace: '1 day' });
  });

  it.each(['90', '90 d', '-1 days', '', 90, null])('is refused as %j, with what is expected', (runs) => {
    const parsed = configSchema.safeParse({ keep: { runs } });
    expect(parsed.error?.issues).toMatchObject([
      { path: ['keep', 'runs'], message: "Expected a length of time such as '90 days' or '12 hours'" },
    ]);
  });
});
