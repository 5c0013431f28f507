import { figure, share } from './figures.js';
import { AXIS_TEXT, COLOURS, headHeight, QUIET_LINE, svgChart } from './svg-chart.js';

/** What an audience of a size is expected to be worth, by held-out seeds. */
export interface LiftPoint {
  /** Size, as a share of all who may be in it: 0..1. */
  readonly reach: number;
  /** Share of the held-out seeds that it has: 0..1. */
  readonly recall: number;
  /** How many times as many as a random choice of that size has. */
  readonly lift: number;
}

export interface LiftCurve {
  readonly title: string;
  readonly notes: readonly string[];
  /** In order of reach. */
  readonly points: readonly LiftPoint[];
  /** The size of the audience itself, as a share. */
  readonly chosen: number | null;
}

const SIZE = { width: 960, height: 470 } as const;

/** Recall and lift by size, with what a random choice would give, as an SVG. */
export function drawLiftCurve({ title, notes, points, chosen }: LiftCurve): string {
  const top = headHeight(notes) + 44;
  const named = { nameLocation: 'middle', nameTextStyle: { ...AXIS_TEXT, fontSize: 13 } } as const;
  const percentAxis = {
    type: 'value',
    min: 0,
    max: 1,
    splitLine: QUIET_LINE,
    axisLabel: { ...AXIS_TEXT, formatter: share },
    ...named,
  } as const;
  const reach = { ...percentAxis, name: 'Size of the audience, of all who may be in it', nameGap: 34 } as const;
  const highest = Math.max(1, ...points.map(({ lift }) => lift));
  const line = {
    type: 'line',
    silent: true,
    symbol: 'none',
    itemStyle: { opacity: 0 },
    lineStyle: { color: COLOURS.blue, width: 2.5 },
  } as const;
  const random = { ...line, lineStyle: { color: COLOURS.grey, width: 1.5, type: 'dashed' } } as const;
  const size = { ...line, lineStyle: { color: COLOURS.orange, width: 1.5, type: 'dotted' } } as const;
  const bottom = 60;
  return svgChart({
    title,
    notes,
    description: `Recall and lift by size: ${points.map(({ reach, recall, lift }) => `${share(reach)}: recall ${share(recall)}, lift ${figure(lift)}`).join('; ')}.`,
    ...SIZE,
    option: {
      grid: [
        { left: 76, width: 360, top, bottom },
        { left: 556, width: 370, top, bottom },
      ],
      legend: {
        left: 16,
        top: headHeight(notes) - 2,
        selectedMode: false,
        itemHeight: 10,
        itemGap: 24,
        textStyle: { ...AXIS_TEXT, fontSize: 13 },
        data: ['this audience', 'a random choice', ...(chosen === null ? [] : ['chosen size'])],
      },
      xAxis: [
        { ...reach, gridIndex: 0 },
        { ...reach, gridIndex: 1 },
      ],
      yAxis: [
        { ...percentAxis, ...named, name: 'Recall: held-out seeds found', nameGap: 50, gridIndex: 0 },
        {
          ...named,
          type: 'value',
          min: 0,
          splitLine: QUIET_LINE,
          axisLabel: { ...AXIS_TEXT, formatter: (value: number) => `${figure(value)}×` },
          name: 'Lift: times as many as at random',
          nameGap: 46,
          gridIndex: 1,
        },
      ],
      series: [
        { ...line, name: 'this audience', data: [[0, 0], ...points.map(({ reach, recall }) => [reach, recall])] },
        {
          ...random,
          name: 'a random choice',
          data: [
            [0, 0],
            [1, 1],
          ],
        },
        {
          ...line,
          name: 'this audience',
          xAxisIndex: 1,
          yAxisIndex: 1,
          data: points.map(({ reach, lift }) => [reach, lift]),
        },
        {
          ...random,
          name: 'a random choice',
          xAxisIndex: 1,
          yAxisIndex: 1,
          data: [
            [0, 1],
            [1, 1],
          ],
        },
        ...(chosen === null
          ? []
          : [
              {
                ...size,
                name: 'chosen size',
                data: [
                  [chosen, 0],
                  [chosen, 1],
                ],
              },
              {
                ...size,
                name: 'chosen size',
                xAxisIndex: 1,
                yAxisIndex: 1,
                data: [
                  [chosen, 0],
                  [chosen, highest],
                ],
              },
            ]),
      ],
    },
  });
}
