import { isArticle, numberFromWords } from './number-words.js';
import { wordsIn } from './word-lists.js';

/**
 * Words that make another number of the digits beside them, or no number: further numbers and multiples, comparisons,
 * ranges, negations, moments. In lower case and without accents.
 */
const TELLING = wordsIn(
  // Multiples that are not read, being this to some and that to others, and parts.
  'm b bn mn billion billions billon billones bilhao bilhoes billionen trillion dozen dozens docena docenas duzia',
  'duzias dutzend douzaine hundred hundreds cientos centenas centena hundert hunderte cent cents centaines tens',
  'half medio media mitad metade halb halbe demi mezzo double doble dobro doppelt twice triple par pair quarter',
  'cuarto tercio third thousands millares mucho muchos many several varios varias few pocos',
  // Parts of a currency.
  'centavo centavos centimo centimos centime centimes centesimi ct cts pence pfennig rappen',
  // Comparisons and bounds.
  'more less over under above below than que mas menos mayor menor mayores menores superior inferior mais maior',
  'acima abaixo plus moins piu meno uber unter mehr weniger als mindestens hochstens minimum maximum minimo maximo',
  'min max least most hasta ate bis ab jusqu jusque desde from since seit depuis partir exceeds almost ueber',
  // Ranges.
  'to entre between zwischen y or o ou oder und and e et tra fra versus vs von',
  // Negations, and what says that nothing is known.
  'no not non nicht kein keine keiner pas sin sem ohne senza without none ni nem never nunca nie nein nao ninguno',
  'unknown desconocido error falta pendiente pending void null nan test prueba cancelado cancelled',
  // Moments.
  'before after antes despues depois vor nach avant apres born nacido nacida nascido geboren ne nee until ago',
  // What counts or names something else than a quantity.
  'id nr num numero number level nivel tipo type grupo group class clase code codigo version ver tel piso',
);

const WORD = /^\p{L}{2,}$/u;
/** More words are a note. */
const MOST = 4;

/** Whether words beside a number leave it what it is: letters only, and none that says anything about it. */
export const leaveNumber = (words: readonly string[]): boolean =>
  words.length <= MOST &&
  words.every(
    (word) => WORD.test(word) && !TELLING.has(word) && !isArticle(word) && numberFromWords(word) === undefined,
  );
