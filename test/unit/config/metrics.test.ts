import { describe, expect, it } from 'vitest';
import { environmentOverrides } from '../../../config/environment.js';
import { configSchema } from '../../../config/config-schema.js';

const listening = (metrics: unknown, env: NodeJS.ProcessEnv = {}): string | undefined =>
  environmentOverrides(configSchema.parse({ metrics }), '/', env).metrics.listen;

describe('where metrics are served', () => {
  it('is nowhere, or what the file says, or above it what the environment does', () => {
    expect(listening(undefined)).toBeUndefined();
    expect(listening({})).toBeUndefined();
    expect(listening({ listen: '127.0.0.1:9464' })).toBe('127.0.0.1:9464');
    expect(listening({ listen: '[::1]:9464' })).toBe('[::1]:9464');
    expect(listening({ listen: '127.0.0.1:9464' }, { SEGMENTA_METRICS: '0.0.0.0:9465' })).toBe('0.0.0.0:9465');
    expect(listening({ listen: '127.0.0.1:9464' }, { SEGMENTA_METRICS: '' })).toBe('127.0.0.1:9464');
  });

  it.each([
    '9464',
    ':9464',
    'localhost:9464',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '::1:9464',
    '[127.0.0.1]:9464',
    '256.0.0.1:9464',
  ])('is not %s', (listen) => {
    const expected = "Expected an IP address and a port, such as '127.0.0.1:9464'";
    expect(() => listening({ listen })).toThrow(expected);
    expect(() => listening({}, { SEGMENTA_METRICS: listen })).toThrow(`environment: SEGMENTA_METRICS: ${expected}`);
  });
});
