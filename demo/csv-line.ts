/** A line of csv, quoted where it has to be (RFC 4180), without its end. */
export function csvLine(values: readonly string[], delimiter = ','): string {
  const needsQuotes = (value: string): boolean => value.includes(delimiter) || /["\r\n]/.test(value);
  return values.map((value) => (needsQuotes(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(delimiter);
}
