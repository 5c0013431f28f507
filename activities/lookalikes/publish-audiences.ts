import type { AudienceDefinition } from '../../customers/audience-definition.js';
import type { Published } from '../../lake/publish-partition.js';
import { defineActivity } from '../define-activity.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { Audience, Plot } from './handles.js';
import { publishConfigured } from './publish-configured.js';
import type { PublishedConfigured } from './publish-configured.js';
import { putBeside } from './put-beside.js';

export interface PublishAudiencesInput {
  readonly fecha: string;
  /** All of the configuration. */
  readonly configured: readonly Pick<AudienceDefinition, 'name'>[];
  /** Those that could be made. */
  readonly audiences: readonly Audience[];
  readonly plots: readonly Plot[];
  readonly codec: ParquetCodec;
}

export interface PublishedAudiences {
  readonly tables: readonly Published[];
  /** Audiences that wait for somebody to confirm their size, and why. */
  readonly held: PublishedConfigured['held'];
  readonly kept: PublishedConfigured['kept'];
  /** Keys of the csv and JSON lines copies and the plots, below the lake's root. */
  readonly exports: readonly string[];
}

/** The plots of an audience, by the file's name. */
const PLOT_OF_AUDIENCE = /^(?:pca|lift)-(.+)\.svg$/;

/** Whether a file beside a date's tables is of an audience, and not of its customers. */
export const isOfAudience = (file: string): boolean => PLOT_OF_AUDIENCE.test(file);

/**
 * Publishes the configured audiences of a date and their plots: see `publishConfigured`. Runs every time and changes
 * nothing where the lake holds the same content.
 */
export const publishAudiences = defineActivity<PublishAudiencesInput, PublishedAudiences>({
  version: 1,
  cache: 'never',
  async run({ fecha, configured: definitions, audiences, plots, codec }, context) {
    const configured = definitions.map(({ name }) => name);
    const files = new Map<string, string>();
    for (const { name, svg } of plots) files.set(`${name}.svg`, await context.open(svg));
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('committing');
      const published = await publishConfigured(db, context, { fecha, configured, audiences, codec });
      const { tables, held, kept } = published;
      const isStale = (file: string): boolean => {
        const audience = PLOT_OF_AUDIENCE.exec(file)?.[1];
        return audience !== undefined && !kept.includes(audience);
      };
      phase('exporting');
      const beside = await putBeside(context, fecha, files, isStale);
      const exports = [...published.exports, ...beside.copies];
      const unchanged = [...tables, ...exports].every((one) => one.unchanged) && beside.removed === 0;
      return {
        output: { tables, held, kept, exports: exports.map(({ key }) => key) },
        note: [
          unchanged ? 'unchanged' : `${audiences.length - held.length} published`,
          ...(held.length === 0 ? [] : [`held for confirmation: ${held.map(({ audiencia }) => audiencia).join(', ')}`]),
          ...(kept.length === 0 ? [] : [`left as they were: ${kept.join(', ')}`]),
        ].join('; '),
        unchanged,
      };
    });
  },
});
