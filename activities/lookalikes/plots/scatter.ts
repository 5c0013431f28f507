import { figure } from './figures.js';
import { AXIS_TEXT, COLOURS, headHeight, QUIET_LINE, svgChart } from './svg-chart.js';

export interface ScatterGroup {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Scatter {
  readonly title: string;
  readonly xAxis: string;
  readonly yAxis: string;
  /** Drawn in this order: the marked ones after the rest, and above them. */
  readonly rest: ScatterGroup;
  readonly marked: ScatterGroup | null;
  readonly notes: readonly string[];
}

const SIZE = { width: 820, height: 640 } as const;
/** So few points are drawn larger: nobody would find the dots of many. */
const FEW = 50;

/** Points in a plane, some of them marked, as an SVG. Few points that are far off are left out, and told of. */
export function drawScatter({ title, xAxis, yAxis, rest, marked, notes: said }: Scatter): string {
  const all = [...rest.points, ...(marked?.points ?? [])];
  const [across, up] = [shownRange(all.map(([value]) => value)), shownRange(all.map(([, value]) => value))];
  const [x, y] = [asWideAs(across, up), asWideAs(up, across)];
  const isShown = ([px, py]: readonly [number, number]): boolean =>
    px >= x.min && px <= x.max && py >= y.min && py <= y.max;
  const groups = [rest, ...(marked === null ? [] : [marked])].map((group) => ({
    ...group,
    shown: group.points.filter(isShown),
  }));
  const hidden = all.length - groups.reduce((sum, { shown }) => sum + shown.length, 0);
  const notes = [
    ...said,
    ...(hidden === 0
      ? []
      : [
          `${figure(hidden)} ${hidden === 1 ? 'point lies' : 'points lie'} outside and ${hidden === 1 ? 'is' : 'are'} not shown.`,
        ]),
  ];
  const named = { nameLocation: 'middle', nameTextStyle: { ...AXIS_TEXT, fontSize: 13 } } as const;
  const axis = {
    type: 'value',
    splitLine: QUIET_LINE,
    axisLine: { show: false, onZero: false },
    axisLabel: { ...AXIS_TEXT, showMinLabel: false, showMaxLabel: false },
  } as const;
  return svgChart({
    title,
    notes,
    description: `${xAxis} by ${yAxis}. ${groups.map(({ name, points, shown }) => `${name}: ${points.length} points, ${shown.length} shown`).join('; ')}.`,
    ...SIZE,
    option: {
      grid: { left: 76, right: 28, top: headHeight(notes) + (marked === null ? 12 : 40), bottom: 60 },
      legend: {
        show: marked !== null,
        left: 16,
        top: headHeight(notes) - 2,
        itemHeight: 10,
        itemGap: 24,
        selectedMode: false,
        textStyle: { ...AXIS_TEXT, fontSize: 13 },
      },
      xAxis: { ...axis, ...x, ...named, name: xAxis, nameGap: 34 },
      yAxis: { ...axis, ...y, ...named, name: yAxis, nameGap: 46 },
      series: groups.map(({ name, shown }, i) => {
        const isMarked = i === 1;
        return {
          name,
          type: 'scatter',
          silent: true,
          // One path for all points of a group, or the file would be several times as large.
          large: true,
          largeThreshold: 0,
          symbolSize: (isMarked ? 5 : 4) + (all.length > FEW ? 0 : 4),
          itemStyle: {
            color: isMarked ? COLOURS.orange : marked === null ? COLOURS.blue : COLOURS.grey,
            opacity: isMarked ? 0.75 : 0.45,
          },
          data: shown.map(([px, py]) => [px, py]),
        };
      }),
    },
  });
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Beside the other axis such a range is rounding: drawn to its full width it would look like a difference. */
const ROUNDING = 1e-6;

/** The range, or where hardly anything varies along it, one around it that is as wide as the other. */
function asWideAs(range: Range, other: Range): Range {
  const half = (other.max - other.min) / 2;
  if (range.max - range.min > ROUNDING * 2 * half) return range;
  const middle = (range.min + range.max) / 2;
  return { min: middle - half, max: middle + half };
}

/** A few points that are far off would make a dot of all the others. */
function shownRange(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[Math.round(place * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0.005), at(0.995)];
  const margin = 0.25 * (high - low) || 1;
  const [min, max] = [Math.max(at(0), low - margin), Math.min(at(1), high + margin)];
  const edge = 0.03 * (max - min) || 1;
  return { min: min - edge, max: max + edge };
}
