// What Temporal UI shows of a workflow is Markdown, in a narrow pane.

/** Cells have no padding in Temporal UI. */
const PADDING = '\u00A0\u00A0\u00A0';

export const tableRow = (cells: readonly string[]): string => `| ${cells.map((cell) => cell + PADDING).join(' | ')} |`;

/** One line in which nothing is taken for Markdown or HTML: globs, column names and SQL come in errors. */
export function plainText(text: string, length = Number.POSITIVE_INFINITY): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const cut = line.length > length ? `${line.slice(0, length - 1)}…` : line;
  return cut.replaceAll(/[\\`*_~[\]<>|#&]/g, String.raw`\$&`);
}
