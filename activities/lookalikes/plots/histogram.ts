import type { CustomSeriesRenderItem } from 'echarts';
import { customers, figure, share, shortFigure } from './figures.js';
import { labelled, placeOf } from './histogram-scale.js';
import type { HistogramScale } from './histogram-scale.js';
import { AXIS_TEXT, COLOURS, headHeight, QUIET_LINE, svgChart } from './svg-chart.js';

/** A bar beside the axis: values that are too large for it, or are no numbers. */
export interface SideBar {
  readonly label: string;
  readonly count: number;
}

export interface Histogram {
  readonly title: string;
  /** What is measured, with its unit: the name of the axis. */
  readonly axis: string;
  readonly scale: HistogramScale;
  /** Customers of each bar. */
  readonly counts: readonly number[];
  readonly before: readonly SideBar[];
  readonly after: readonly SideBar[];
  readonly median: number;
  /** Customers of whom the value is not known: in no bar. */
  readonly missing: number;
}

const WIDTH = 860;
const HEIGHT = 460;
/** Fewer have room on both sides: one bar from edge to edge would look like a plot that failed. */
const FEW_BARS = 9;

interface Bar extends SideBar {
  readonly from: number;
  readonly to: number;
  readonly isSide: boolean;
}

/** Customers by a column, as an SVG. */
export function drawHistogram(histogram: Histogram): string {
  const { title, axis, scale, median } = histogram;
  const bars = layOut(histogram);
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  const places = new Map([...axisLabels(scale), ...sideLabels(bars)]);
  const notes = notesOf(histogram, total);
  const at = placeOf(scale, median);
  const end = bars.at(-1)?.to ?? 1;
  const room = Math.max(0, FEW_BARS - scale.edges.length + 1) / 2;
  return svgChart({
    title,
    notes,
    description: describe(histogram, bars),
    width: WIDTH,
    height: HEIGHT,
    option: {
      grid: { left: 84, right: 28, top: headHeight(notes) + 24, bottom: 64 },
      xAxis: {
        type: 'value',
        min: Math.min(0, bars[0]?.from ?? 0) - room,
        max: end + room,
        name: axis,
        nameLocation: 'middle',
        nameGap: 36,
        nameTextStyle: { ...AXIS_TEXT, fontSize: 13 },
        splitLine: { show: false },
        axisTick: { show: true, customValues: [...places.keys()] },
        axisLabel: {
          ...AXIS_TEXT,
          customValues: [...places.keys()],
          hideOverlap: true,
          formatter: (place: number) => places.get(place) ?? '',
        },
      },
      yAxis: {
        type: 'value',
        name: 'Customers',
        nameLocation: 'middle',
        nameGap: 60,
        nameTextStyle: { ...AXIS_TEXT, fontSize: 13 },
        minInterval: 1,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: QUIET_LINE,
        axisLabel: { ...AXIS_TEXT, formatter: (count: number) => figure(count) },
      },
      series: [
        {
          type: 'custom',
          silent: true,
          encode: { x: [0, 1], y: 2 },
          data: bars.map(({ from, to, count, isSide }) => [from, to, count, isSide ? 1 : 0]),
          renderItem: drawBar,
        },
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          lineStyle: { color: COLOURS.ink, width: 1.5, type: 'dashed' },
          // Up to above the highest bar, where its label has room.
          data: at >= 0 && at <= histogram.counts.length ? [at, at].map((x, i) => [x, i * 1.1 * highest(bars)]) : [],
          endLabel: {
            show: true,
            formatter: `median ${figure(median)}`,
            position: at > 0.8 * end ? 'left' : 'right',
            verticalAlign: 'top',
            color: COLOURS.ink,
            fontSize: 12,
          },
        },
      ],
    },
  });
}

/** Bars of the scale one beside the other, those beside it a little away and as broad as their labels need. */
function layOut({ scale, counts, before, after }: Histogram): readonly Bar[] {
  const broad = Math.max(1, counts.length / 14);
  const side = (bars: readonly SideBar[], first: number): Bar[] =>
    bars.map((bar, i) => {
      const from = first + i * broad * 1.35;
      return { ...bar, from, to: from + broad, isSide: true };
    });
  const within = counts.map((count, i): Bar => {
    const label = `${figure(scale.edges[i] ?? 0)} to ${figure(scale.edges[i + 1] ?? 0)}`;
    return { label, count, from: i, to: i + 1, isSide: false };
  });
  const left = side(before, -before.length * broad * 1.35 - broad * 0.15);
  return [...left, ...within, ...side(after, counts.length + broad * 0.5)];
}

const highest = (bars: readonly Bar[]): number => Math.max(...bars.map(({ count }) => count));

const axisLabels = (scale: HistogramScale): readonly (readonly [number, string])[] =>
  labelled(scale).map((value) => [placeOf(scale, value), shortFigure(value)]);

const sideLabels = (bars: readonly Bar[]): readonly (readonly [number, string])[] =>
  bars.filter(({ isSide }) => isSide).map(({ from, to, label }) => [(from + to) / 2, label]);

const drawBar: CustomSeriesRenderItem = (_, api) => {
  const [from, to, count] = [Number(api.value(0)), Number(api.value(1)), Number(api.value(2))];
  const [left = 0, top = 0] = api.coord([from, count]);
  const [right = 0, bottom = 0] = api.coord([to, 0]);
  return {
    type: 'rect',
    // A pixel of white between two bars.
    shape: { x: left + 0.5, y: top, width: Math.max(1, right - left - 1), height: bottom - top },
    style: { fill: Number(api.value(3)) === 1 ? COLOURS.light : COLOURS.blue },
  };
};

function notesOf({ scale, missing, before, after }: Histogram, total: number): readonly string[] {
  const all = total + missing;
  const counted = `${customers(all)}${missing === 0 ? '' : `, ${figure(missing)} of them (${share(missing / all)}) without a value and in no bar`}.`;
  const sides = [...before, ...after].map(({ label, count }) => `${label}: ${customers(count)}`);
  const axis = scale.kind === 'log' ? ['Logarithmic axis.'] : [];
  const beside = sides.length === 0 ? [] : [`Beside the axis, in light blue: ${sides.join('; ')}.`];
  return [[counted, ...axis].join(' '), ...beside];
}

const describe = ({ axis, missing, median }: Histogram, bars: readonly Bar[]): string =>
  `${axis}. Customers by value: ${bars.map(({ label, count }) => `${label}: ${count}`).join('; ')}. Without a value: ${missing}. Median: ${figure(median)}.`;
