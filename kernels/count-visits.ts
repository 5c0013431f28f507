const MS_PER_DAY = 86_400_000;

/** Rows that follow one another; arrays of one length. */
export interface VisitRows {
  /** Two parts of a hash that tells a customer from the next one. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Number of the place, from 0; -1 for none. */
  readonly place: Int32Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
}

export interface VisitCounts {
  /** Distinct places of each customer, in the order in which they come. */
  readonly places: Int32Array;
  /** Distinct calendar months of each customer. */
  readonly months: Int32Array;
  /** Customers that there were; those after `customers` are not counted. */
  readonly seen: number;
}

/**
 * Counts distinct places and months of `customers` customers, one after the other, in rows by customer and then by day. Of each
 * place it is kept who was seen there last, and nothing of pairs: memory is that of customers and places.
 */
export function countVisits(customers: number, places: number) {
  const counts = { places: new Int32Array(customers), months: new Int32Array(customers) };
  const lastAt = new Int32Array(places).fill(-1);
  const monthOf = rememberedMonths();
  let customer = -1;
  let [low, high, month] = [0, 0, 0];

  function add(rows: VisitRows): void {
    for (let r = 0; r < rows.day.length; r += 1) {
      const place = rows.place[r];
      const rowMonth = monthOf(rows.day[r]);
      const isNext = customer === -1 || rows.low[r] !== low || rows.high[r] !== high;
      if (isNext) {
        customer += 1;
        low = rows.low[r];
        high = rows.high[r];
      }
      if (isNext || rowMonth !== month) {
        month = rowMonth;
        counts.months[customer] += 1;
      }
      if (place >= 0 && lastAt[place] !== customer) {
        lastAt[place] = customer;
        counts.places[customer] += 1;
      }
    }
  }

  return { add, end: (): VisitCounts => ({ ...counts, seen: customer + 1 }) };
}

/** The calendar month of a day, counted from year 0. */
function rememberedMonths(): (day: number) => number {
  const known = new Map<number, number>();
  return (day) => {
    const remembered = known.get(day);
    if (remembered !== undefined) return remembered;
    const date = new Date(day * MS_PER_DAY);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    known.set(day, month);
    return month;
  };
}
