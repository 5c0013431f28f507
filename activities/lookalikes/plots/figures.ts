const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** `12.5`, `1,234`: in sentences. */
export const figure = (value: number): string => (Math.abs(value) < 1000 ? exact : whole).format(value);

/** `250K`, `1.5M`: on axes. Small fractions keep two digits that count: `0.0031`. */
export const shortFigure = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.1 ? String(Number(value.toPrecision(2))) : compact.format(value);

/** `12.5%` of 0.125. */
export const share = (value: number): string => percent.format(value);

/** `1 customer`, `1,234 customers`. */
export const customers = (count: number): string => `${figure(count)} ${count === 1 ? 'customer' : 'customers'}`;
