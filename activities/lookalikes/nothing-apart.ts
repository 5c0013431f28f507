/**
 * Why nobody can be said to be like anybody, of customers whose points have no column. They are published all the same:
 * clean, without components, and with an index that answers with this.
 */
export const nothingApart = (customers: number): string =>
  customers === 1
    ? 'there is one customer alone, and nobody to be like'
    : 'nothing tells the customers apart: every feature has one value throughout';
