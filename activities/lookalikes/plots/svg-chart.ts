import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import type { GridComponentOption, LegendComponentOption, TitleComponentOption } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([CustomChart, GridComponent, LegendComponent, LineChart, ScatterChart, SVGRenderer, TitleComponent]);

export type ChartOption = ComposeOption<
  | CustomSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | LineSeriesOption
  | ScatterSeriesOption
  | TitleComponentOption
>;

export interface Chart {
  readonly title: string;
  /** Under the title: what was counted, and what is not shown. */
  readonly notes: readonly string[];
  /** What the picture shows, in words and figures, for who cannot see it and for programs. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly option: ChartOption;
}

/** Told apart by who cannot see all colours: M. Okabe and K. Ito, "Color universal design", 2008. */
export const COLOURS = {
  blue: '#0072b2',
  orange: '#d55e00',
  light: '#a6cee8',
  grey: '#8c8c8c',
  ink: '#222222',
} as const;

export const QUIET_LINE = { lineStyle: { color: '#e4e4e4' } } as const;
export const AXIS_TEXT = { color: '#444444', fontSize: 12 } as const;

/** Room that the title and its notes take above the picture. */
export const headHeight = (notes: readonly string[]): number => 48 + 18 * notes.length;

/**
 * A chart as the text of an SVG file on white, for any viewer: no script, no link, no font of its own. The same chart
 * gives the same bytes.
 */
export function svgChart({ title, notes, description, width, height, option }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      textStyle: { fontFamily: 'Helvetica, Arial, sans-serif', color: COLOURS.ink },
      title: {
        text: title,
        subtext: notes.join('\n'),
        left: 16,
        top: 10,
        itemGap: 6,
        textStyle: { fontSize: 18, fontWeight: 'bold', color: COLOURS.ink },
        subtextStyle: { fontSize: 12, lineHeight: 17, color: '#555555' },
      },
      ...option,
    } satisfies ChartOption);
    return labelled(chart.renderToSVGString(), title, description);
  } finally {
    chart.dispose();
  }
}

/** Its names count the charts of this process: told from one only. */
function labelled(svg: string, title: string, description: string): string {
  const label = `<title>${xmlText(title)}</title>\n<desc>${xmlText(description)}</desc>`;
  return `${svg.replaceAll(/\bzr\d+-/g, 'c-').replace(/^<svg [^>]*>/, (tag) => `${tag.slice(0, -1)} role="img">\n${label}`)}\n`;
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What XML has no place for is left out. */
const xmlText = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are what is meant
  text
    .replaceAll(/[\u0000-\u0008\v\f\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>]/g, (one) => ENTITIES[one] ?? '');
