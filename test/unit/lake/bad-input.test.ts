import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../lake/bad-input.js';

describe('the message of a BadInput', () => {
  it('names the culprit before what is wrong with it', () => {
    const error = new BadInput('Expected a number', { source: 'crm', file: '/data/a.csv', row: 3, value: 'x' });
    expect(error.message).toBe("source 'crm', file '/data/a.csv', row '3', value 'x': Expected a number");
  });

  it('is one line, whatever the value, and short of a long one', () => {
    const value = `uno\ndos\r\n\ttres\0\u2028 ${'z'.repeat(500)}`;
    const error = new BadInput('no', { value });
    expect(error.message).toMatch(/^value 'uno\\ndos\\r\\n\\ttres\\u\{0\}\\u\{2028\} z+…': no$/);
    expect(error.message.length).toBeLessThan(150);
    expect(error.culprit.value).toBe(value);
  });

  it('keeps long paths whole', () => {
    const file = `/data/${'carpeta/'.repeat(40)}a.csv`;
    expect(new BadInput('no', { file }).message).toContain(`file '${file}'`);
  });
});
