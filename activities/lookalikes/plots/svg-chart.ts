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
    return finished(chart.renderToSVGString(), title, description);
  } finally {
    chart.dispose();
  }
}

/** Names of its parts count those of all charts of this process. */
const PART = /\bzr\d+-c\d+\b/g;
/** What a page would need to act on the picture: of no use in a file. */
const FOR_PAGES = / (?:class|pointer-events|ecmeta_\w+)="[^"]*"|<style[^>]*>[\s\S]*?<\/style>\n?/g;

function finished(svg: string, title: string, description: string): string {
  const parts = new Map<string, string>();
  const partName = (name: string): string => {
    const known = parts.get(name) ?? `part-${parts.size}`;
    parts.set(name, known);
    return known;
  };
  const label = `<title>${xmlText(title)}</title>\n<desc>${xmlText(description)}</desc>`;
  const picture = svg.replaceAll(FOR_PAGES, '').replaceAll(PART, partName);
  return `${picture.replace(/^<svg [^>]*>/, (tag) => `${tag.slice(0, -1)} role="img">\n${label}`)}\n`;
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What cannot be seen is left out: XML has no place for most of it. */
const xmlText = (text: string): string =>
  text.replaceAll(/(?![\t\n])\p{C}/gu, '').replaceAll(/[&<>]/g, (one) => ENTITIES[one] ?? '');
