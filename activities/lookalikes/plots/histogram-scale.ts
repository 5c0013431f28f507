/** What has to be known of a column to lay out its histogram. Of the values that are numbers. */
export interface ColumnSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
  /** Half a percent of the values lie below the first, and above the second. */
  readonly low: number;
  readonly high: number;
  /** Of the values above 0 half a percent lie below; 0 where there are none. */
  readonly lowPositive: number;
  readonly whole: boolean;
}

/** Where the bars of a histogram begin and end: bar `i` has the values in `[edges[i], edges[i + 1])`. */
export interface HistogramScale {
  readonly kind: 'linear' | 'log';
  readonly edges: readonly number[];
}

const BARS = 30;
const BARS_A_DECADE = 6;
/** Above this ratio of a high value to the middle one a linear axis would show little but its first bar. */
const HEAVY_TAIL = 12;
const WIDEST_LOG = 1e10;

/**
 * Lays out a histogram that people can read although the column has a heavy tail: logarithmic where its high values are
 * far from the middle ones; else in equal steps of round numbers, ending where few values are left. What lies outside is
 * for a bar of its own.
 */
export function histogramScale(summary: ColumnSummary): HistogramScale {
  const { median, lowPositive, high } = summary;
  const isHeavy = median > 0 && high / median > HEAVY_TAIL;
  return isHeavy && lowPositive > Math.max(high / WIDEST_LOG, 1e-9)
    ? logScale(lowPositive, high)
    : linearScale(summary);
}

function logScale(low: number, high: number): HistogramScale {
  // A place further on both sides where rounding would leave the end outside.
  const place = (value: number): number => Math.floor(Math.log10(value) * BARS_A_DECADE);
  const edge = (at: number): number => roundEdge(10 ** (at / BARS_A_DECADE));
  const from = edge(place(low)) <= low ? place(low) : place(low) - 1;
  const to = edge(place(high) + 1) > high ? place(high) + 1 : place(high) + 2;
  // 2.2 and 4.6 rather than 2.154… and 4.641…: people read them.
  const edges = Array.from({ length: to - from + 1 }, (_, i) => edge(from + i));
  return { kind: 'log', edges };
}

function linearScale({ min, max, low, high, whole }: ColumnSummary): HistogramScale {
  // The whole range where its ends are near: a last bar of a handful of customers says little.
  const spread = high - low;
  const top = max <= high + 0.3 * spread ? max : high;
  // Where hardly any are below 0, these are beside the axis.
  const bottom = min < 0 && low >= 0 ? 0 : min >= low - 0.3 * spread ? min : low;
  const from = bottom >= 0 && bottom < 0.3 * top ? 0 : bottom;
  // Values that differ by less than can be told apart on an axis are one.
  const width = (top - from) / BARS;
  const least =
    width > 1e-9 * Math.max(Math.abs(top), Math.abs(from)) && width > 1e-12 ? width : Math.abs(top) / BARS || 1;
  const step = niceStep(whole ? Math.max(1, least) : Math.max(1e-12, least), whole);
  const first = Math.floor(from / step);
  const last = Math.floor(top / step) + 1;
  // A product of whole numbers, so that 0.1 * 3 is the only rounding.
  return { kind: 'linear', edges: Array.from({ length: last - first + 1 }, (_, i) => rounded((first + i) * step)) };
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is no smaller; of whole numbers, a whole one. */
function niceStep(atLeast: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const times =
    [1, 2, ...(whole && power < 10 ? [] : [2.5]), 5, 10].find(
      (candidate) => candidate * power >= atLeast * (1 - 1e-9),
    ) ?? 10;
  return rounded(times * power);
}

const roundEdge = (value: number): number => Number(value.toPrecision(2));
const rounded = (value: number): number => Number(value.toPrecision(12));

/** Where a value lies along the bars: 2.5 is the middle of the third. */
export function placeOf({ kind, edges }: HistogramScale, value: number): number {
  const [first = 0, second = 1] = edges;
  if (kind === 'log') return (Math.log10(value) - Math.log10(first)) * BARS_A_DECADE;
  return (value - first) / (second - first);
}

/** Round values that label the axis. */
export function labelled(scale: HistogramScale): readonly number[] {
  const { kind, edges } = scale;
  if (kind === 'linear') return edges.filter((_, i) => i % Math.max(1, Math.ceil((edges.length - 1) / 12)) === 0);
  const [first = 1, last = 1] = [edges[0], edges.at(-1)];
  const decades = Math.log10(last) - Math.log10(first);
  const steps = decades > 5 ? [1] : decades > 2.5 ? [1, 3] : [1, 2, 5];
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => Math.floor(Math.log10(first)) + i);
  return powers
    .flatMap((power) => steps.map((step) => rounded(step * 10 ** power)))
    .filter((value) => value >= first * (1 - 1e-9) && value <= last * (1 + 1e-9));
}
