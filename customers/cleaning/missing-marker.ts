import { withoutAccents } from './tidy-text.js';

/** What people and programs write where there is no value, in lower case and without accents. */
const MARKERS = new Set(
  [
    [
      '',
      'n/a',
      'n.a.',
      'n.a',
      'na',
      'n-a',
      'n/d',
      'n.d.',
      's/d',
      's.d.',
      's.d',
      'n.d',
      's/n/d',
      'n/r',
      'n/i',
      's/i',
      'ns/nc',
      'n/c',
    ],
    ['n.c.', 'n.c', 'n. c.', 'n. d.', 's. d.', 's/inf', 'keine angaben'],
    ['none', 'null', 'nil', 'nan', 'nat', 'undefined', '(null)', '<null>', '\\n', '<na>', '<nan>', '[null]', 'pd.na'],
    ['#n/a', '#na', '#n/d', '#nd', '#n/a n/a', '#value!', '#valor!', '#¡valor!', '#ref!', '#¡ref!', '#div/0!'],
    ['#¡div/0!', '#null!', '#¡nulo!', '#num!', '#¡num!', '#name?', '#¿nombre?', '#nome?', '-nan'],
    [
      '-1.#ind',
      '-',
      '--',
      '---',
      '_',
      '__',
      '?',
      '??',
      '???',
      '.',
      '..',
      '...',
      '…',
      '*',
      '#',
      '/',
      '#error',
      '#error!',
      'error',
      'err',
      '#err',
    ],
    ['missing', 'unknown', 'not available', 'not applicable', 'no data', 'no value', 'not provided', 'not specified'],
    [
      'unspecified',
      'empty',
      'blank',
      '(blank)',
      '(empty)',
      'tbd',
      'tba',
      'no answer',
      'no response',
      'prefer not to say',
    ],
    ['sin dato', 'sin datos', 'sin informacion', 'sin info', 'sin valor', 'sin especificar', 'sin respuesta', 'vacio'],
    [
      '(vacio)',
      '(en blanco)',
      'en blanco',
      'nulo',
      'ninguno',
      'ninguna',
      'no aplica',
      'no informa',
      'no informado',
      'no informada',
    ],
    ['no disponible', 'no especificado', 'no especificada', 'no responde', 'no contesta', 'no sabe', 'desconocido'],
    ['desconocida', 'se desconoce', 'faltante', 'perdido', 'a confirmar', 'sem dado', 'sem dados', 'sem informacao'],
    ['sem valor', 'nao informado', 'nao informada', 'nao disponivel', 'nao se aplica', 'nao aplicavel', 'desconhecido'],
    [
      'desconhecida',
      'vazio',
      '(vazio)',
      'em branco',
      'ausente',
      'inconnu',
      'inconnue',
      'non disponible',
      'non renseigne',
    ],
    ['vide', 'unbekannt', 'keine angabe', 'k.a.', 'k. a.', 'leer', 'sconosciuto', 'non disponibile'],
  ].flat(),
);

const LONGEST = Math.max(...[...MARKERS].map(({ length }) => length));

export type MissingTest = (tidied: string) => 'missing-marker' | 'configured-missing' | undefined;

/** Whether a tidied text says that there is no value: everywhere, or here by the configuration (as text or as number). */
export function missingTest(configured: readonly (string | number)[]): MissingTest {
  const texts = new Set(configured.map((one) => withoutAccents(String(one).trim())));
  const numbers = configuredNumbers(configured);
  const isConfigured = configured.length > 0;
  return (tidied) => {
    // No marker begins with a digit or is so long: most texts are neither folded nor looked up.
    if (!isConfigured && (tidied.length > LONGEST || /^-?\d/.test(tidied))) return undefined;
    const marker = withoutAccents(tidied);
    if (texts.has(marker)) return 'configured-missing';
    if (numbers.size > 0 && marker !== '' && numbers.has(Number(marker))) return 'configured-missing';
    return MARKERS.has(marker) ? 'missing-marker' : undefined;
  };
}

/** The numbers among what is configured: what a cell says in digits is one of them however it is written. */
export const configuredNumbers = (configured: readonly (string | number)[]): ReadonlySet<number> =>
  new Set(configured.map(Number).filter((one, i) => !Number.isNaN(one) && configured[i] !== ''));
