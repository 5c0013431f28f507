/** Threads that do one thing together: each runs the same function, on its share of the rows. */
export interface Crew {
  /** 0..size - 1. The one with 0 does what must be done once. */
  readonly index: number;
  readonly size: number;
  /** Returns when all of the crew have come here; what they wrote to shared memory before is then seen by all. */
  meet(): void;
}

/** A crew of one. */
export const alone: Crew = { index: 0, size: 1, meet() {} };

/** Where a crew meets: how many have come, and how often all have. */
export const meetingPlace = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(8));

/** Looks this often before a thread goes to sleep: threads that do equal shares come within microseconds of each other. */
const LOOKS = 4000;

export function joinCrew(place: Int32Array<SharedArrayBuffer>, index: number, size: number): Crew {
  return {
    index,
    size,
    meet() {
      const meeting = Atomics.load(place, 1);
      if (Atomics.add(place, 0, 1) === size - 1) {
        Atomics.store(place, 0, 0);
        Atomics.add(place, 1, 1);
        Atomics.notify(place, 1);
        return;
      }
      for (let look = 0; look < LOOKS; look++) if (Atomics.load(place, 1) !== meeting) return;
      // A thread may still be waking those of the meeting before: who sleeps already for the next one wakes too early.
      while (Atomics.load(place, 1) === meeting) Atomics.wait(place, 1, meeting);
    },
  };
}

/** The share of `rows` that a member of the crew does, in whole blocks of `block` rows. */
export function shareOf(
  { index, size }: Crew,
  rows: number,
  block: number,
): { readonly from: number; readonly to: number } {
  const blocks = Math.ceil(rows / block);
  const start = (member: number): number => Math.min(rows, Math.floor((blocks * member) / size) * block);
  return { from: start(index), to: start(index + 1) };
}
