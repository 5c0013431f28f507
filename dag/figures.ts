import { isArtifact } from './artifact.js';
import { isStoredList } from './stored-list.js';

/** A number that a task gave, or a short word. */
export type Figure = number | string | boolean;

export interface FigureChange {
  /** `transactions.rows`, `clientes.segmentos.Inactivos.clientes` */
  readonly figure: string;
  /** null where there was, or is, none. */
  readonly before: Figure | null;
  readonly after: Figure | null;
}

/** Figures of one output, items of one list. */
const FIGURES = 300;
const ITEMS = 40;
const WORD = 40;

/** They differ between any two runs, and say nothing of the data. */
const NO_FIGURES: ReadonlySet<string> = new Set([
  'fecha',
  'etag',
  'sha256',
  'uri',
  'key',
  'path',
  'runId',
  'endedAt',
  // Said elsewhere, in better words.
  'message',
  'unchanged',
]);

/**
 * The figures in a task's output, by where they stand: rows and reports of artifacts, fields, items of short lists. An item
 * goes by the first word in it, so that a segment is compared with the one of its name.
 */
export function figuresOf(output: unknown): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  walk(output, []);
  return figures;

  function walk(value: unknown, path: readonly string[]): void {
    const name = path.at(-1) ?? '';
    if (figures.size >= FIGURES || NO_FIGURES.has(name)) return;
    if (typeof value === 'number' || typeof value === 'boolean') figures.set(path.join('.'), value);
    else if (typeof value === 'string' && isWord(value)) figures.set(path.join('.'), value);
    else if (isArtifact(value)) {
      figures.set([...path, 'rows'].join('.'), value.rows);
      walk(value.report, path);
    } else if (isStoredList(value)) figures.set([...path, 'items'].join('.'), value.count);
    else if (Array.isArray(value)) walkItems(value, path);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) walk(field, [...path, key]);
    }
  }

  function walkItems(items: readonly unknown[], path: readonly string[]): void {
    if (items.length > ITEMS) figures.set([...path, 'items'].join('.'), items.length);
    else for (const [i, item] of items.entries()) walkItem(item, path, i);
  }

  function walkItem(item: unknown, path: readonly string[], place: number): void {
    const fields = isFields(item) ? Object.entries(item) : [];
    const named = fields.find(([, field]) => typeof field === 'string' && isWord(field));
    if (named === undefined) walk(item, [...path, String(place)]);
    // Its name need not be told again.
    else for (const [key, field] of fields) if (key !== named[0]) walk(field, [...path, String(named[1]), key]);
  }
}

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isArtifact(value) && !isStoredList(value);

const isWord = (text: string): boolean => text.length <= WORD && !text.includes('/');

/** What differs, in the order of the figures. */
export function figureChanges(
  before: ReadonlyMap<string, Figure>,
  after: ReadonlyMap<string, Figure>,
): readonly FigureChange[] {
  const names = [...new Set([...after.keys(), ...before.keys()])];
  return names
    .map((figure) => ({ figure, before: before.get(figure) ?? null, after: after.get(figure) ?? null }))
    .filter((change) => change.before !== change.after);
}
