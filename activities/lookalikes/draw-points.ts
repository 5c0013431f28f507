import type { CustomerPoints } from './customer-points.js';
import { customers as counted, figure } from './plots/figures.js';
import { drawScatter } from './plots/scatter.js';

/** The customers on their first two components, as an SVG that says of how many they are a sample. */
export function drawPoints(
  { rest, marked, customers }: CustomerPoints,
  title: string,
  axes: { readonly xAxis: string; readonly yAxis: string },
): string {
  const shown = rest.points.length + (marked?.points.length ?? 0);
  const whole = counted(customers);
  const notes = [shown < customers ? `A random sample of ${figure(shown)} of ${whole}.` : `${whole}.`];
  return drawScatter({ title, ...axes, rest, marked, notes });
}
