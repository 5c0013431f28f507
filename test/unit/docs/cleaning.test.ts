import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cleanColumn } from '../../../customers/cleaning/clean-column.js';
import { columnRule } from '../../../customers/column-rule.js';
import { becomes, spellingsOf } from '../customers/cleaning/cells.js';

const FECHA = '2026-07-01';
const HEADER = /^\| column +\| cells +\| become +\| told +\|$/;

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);

interface Example {
  readonly rule: string;
  readonly cells: readonly string[];
  readonly become: readonly string[];
  readonly told: readonly string[];
}

const examples: Example[] = [];
let inTable = false;
for (const line of readFileSync('docs/cleaning.md', 'utf8').split('\n')) {
  if (HEADER.test(line)) inTable = true;
  else if (!line.startsWith('|')) inTable = false;
  else if (inTable && !line.startsWith('| ---')) {
    const [, rule = '', cells = '', become = '', told = ''] = line.split('|');
    const names = codes(told).flatMap((names) => names.split(', '));
    examples.push({ rule: codes(rule)[0] ?? '', cells: codes(cells), become: codes(become), told: names });
  }
}

describe('the examples of docs/cleaning.md', () => {
  it('are there for every kind', () => {
    const kinds = new Set(examples.map(({ rule }) => /^kind: ([a-z-]+)/.exec(rule)?.[1]));
    expect(kinds).toEqual(new Set(columnRule.options.map(({ shape }) => shape.kind.value)));
  });

  it.each(examples)('$rule: $cells', ({ rule, cells, become, told }) => {
    const cleaned = cleanColumn(spellingsOf(cells), columnRule.parse(parse(`{ ${rule} }`)), FECHA);
    expect(becomes(cells, cleaned)).toEqual(become);
    const rules = new Set(cleaned.readings.flatMap((reading) => reading.rules));
    expect([...told].filter((name) => !rules.has(name))).toEqual([]);
  });
});
