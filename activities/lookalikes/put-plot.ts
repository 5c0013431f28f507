import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../define-activity.js';
import type { Plot } from './handles.js';

/** Puts an SVG into the lake. */
export async function putPlot(context: Pick<TaskContext, 'scratch' | 'put'>, name: string, svg: string): Promise<Plot> {
  const file = join(context.scratch, `${name}.svg`);
  await writeFile(file, svg);
  return { name, svg: await context.put('plot', file, { rows: 0, schema: [] }) };
}
