import type { SourceDefinition } from '../lake/source-definition.js';
import { localSourceFile } from '../lake/source-files.js';
import type { SourceListing } from '../lake/source-files.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { checkGzip } from './check-gzip.js';
import type { TaskContext } from './define-activity.js';

/** Local paths of a source's files: those of a remote lake are fetched, and compressed ones are read through once. */
export async function openSourceFiles(
  context: TaskContext,
  source: SourceDefinition,
  listing: SourceListing,
): Promise<{ readonly [files: string]: readonly OpenedFile[] }> {
  const opened: { [files: string]: readonly OpenedFile[] } = {};
  for (const name of Object.keys(source.files)) {
    const files: OpenedFile[] = [];
    for (const file of listing[name] ?? []) {
      context.signal.throwIfAborted();
      context.progress({ phase: 'opening', file: file.name });
      const found = localSourceFile(context.store, context.cacheFolder, file);
      const path = await context.transferring(`fetching ${file.name}`, found);
      if (path.endsWith('.gz')) {
        const whole = checkGzip(path, { source: source.name, file: file.name }, context.signal);
        await context.transferring(`checking ${file.name}`, whole);
      }
      files.push({ ...file, path });
    }
    opened[name] = files;
  }
  return opened;
}
