import type { ColumnRule } from '../column-rule.js';
import type { CleanedColumn, Spelling } from './cell.js';
import { cleanAges } from './clean-ages.js';
import { cleanBirthYears } from './clean-birth-years.js';
import { cleanCategories } from './clean-categories.js';
import { cleanDates } from './clean-dates.js';
import { cleanDays } from './clean-days.js';
import { cleanFlags } from './clean-flags.js';
import { cleanHours } from './clean-hours.js';
import { cleanIds } from './clean-ids.js';
import { cleanNumbers } from './clean-numbers.js';
import { cleanPercents } from './clean-percents.js';
import { cleanTexts } from './clean-texts.js';
import { cleanWeekdays } from './clean-weekdays.js';

/**
 * Cleans one column of a file: every different text once, with how often it occurs, since what an ambiguous one means
 * is settled by the others. The same spellings give the same, in whatever order they come. `fecha` is the run's date.
 */
export function cleanColumn(spellings: readonly Spelling[], rule: ColumnRule, fecha: string): CleanedColumn {
  switch (rule.kind) {
    case 'id':
      return cleanIds(spellings, rule);
    case 'text':
      return cleanTexts(spellings, rule);
    case 'category':
      return cleanCategories(spellings, rule);
    case 'number':
    case 'money':
      return cleanNumbers(spellings, rule);
    case 'percent':
      return cleanPercents(spellings, rule);
    case 'age':
      return cleanAges(spellings, rule);
    case 'birth-year':
      return cleanBirthYears(spellings, rule, fecha);
    case 'days':
      return cleanDays(spellings, rule);
    case 'date':
      return cleanDates(spellings, rule, fecha);
    case 'flag':
      return cleanFlags(spellings, rule);
    case 'hour':
      return cleanHours(spellings, rule);
    default:
      // The one kind that is left.
      return cleanWeekdays(spellings, rule);
  }
}
