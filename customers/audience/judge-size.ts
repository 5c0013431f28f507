/**
 * Why an audience of `now` customers has to be confirmed, being too far from the `previous` size: by more than the share
 * `maxChange` of it. Undefined where it is within it, and for an audience that is new (`previous` undefined). One that
 * was empty may stay so; any other size is a change without bounds.
 */
export function judgeSize(previous: number | undefined, now: number, maxChange: number): string | undefined {
  if (previous === undefined || Math.abs(now - previous) <= maxChange * previous) return undefined;
  const change =
    previous === 0 ? 'estaba vacía' : `${percent(now / previous - 1)}; se admite ${percent(maxChange, '±')}`;
  return `${now} clientes, antes ${previous} (${change})`;
}

const percent = (share: number, sign = share < 0 ? '-' : '+'): string =>
  `${sign}${Number((Math.abs(share) * 100).toFixed(1))} %`;
