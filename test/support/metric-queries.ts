import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** An expression that people are given, and where it stands. */
export interface Query {
  readonly where: string;
  readonly expression: string;
}

const dashboard = z.object({
  templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.enum(['row', 'timeseries', 'stat']),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).optional(),
    }),
  ),
});

const alerts = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.object({ severity: z.enum(['page', 'warn']) }),
          annotations: z.object({ summary: z.string() }),
        }),
      ),
    }),
  ),
});

export const DASHBOARD = dashboard.parse(JSON.parse(readFileSync('infra/grafana/segmenta.json', 'utf8')));
export const ALERTS = alerts
  .parse(parse(readFileSync('infra/prometheus/segmenta-alerts.yaml', 'utf8')))
  .groups.flatMap(({ rules }) => rules);

/** Every expression of the dashboard and the alert rules. */
export const QUERIES: readonly Query[] = [
  ...DASHBOARD.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => ({ where: `${title}, ${refId}`, expression: expr })),
  ),
  ...ALERTS.map(({ alert, expr }) => ({ where: alert, expression: expr })),
];
