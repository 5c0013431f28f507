import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { share } from './plots/figures.js';

const model = z.object({ explainedVarianceRatio: z.array(z.number()) });

/** What the axes of the first components are called: with how much of the variance each has. */
export async function componentAxes(modelFile: string): Promise<{ readonly xAxis: string; readonly yAxis: string }> {
  const { explainedVarianceRatio } = model.parse(JSON.parse(await readFile(modelFile, 'utf8')));
  const name = (i: number): string => `PC${i + 1} (${share(explainedVarianceRatio[i] ?? 0)} of the variance)`;
  return { xAxis: name(0), yAxis: name(1) };
}
