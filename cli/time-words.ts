/** `0.3 s`, `12.1 s`, `4 min 5 s`, `1 h 2 min`. */
export function tookWords(ms: number | null): string {
  if (ms === null) return '';
  const seconds = Math.round(ms / 1_000);
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** In no more than seven letters: `12.1 s`, `59 min`, `12.5 h`. */
export function roughlyWords(ms: number | null): string {
  if (ms === null || ms < 59_950) return tookWords(ms);
  return ms < 3_570_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

/** `2026-11-21 17:01Z`: UTC, to the minute. */
export const momentWords = (iso: string | null): string =>
  iso === null ? '' : `${iso.slice(0, 16).replace('T', ' ')}Z`;
