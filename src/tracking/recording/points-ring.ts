/**
 * Points on their way to the recording thread, in shared memory. A message would wake that thread at every step, on a core
 * that trains; from here it fetches them when it writes.
 */

/** Numbers that the ring holds; a power of two. */
const SIZE = 2 ** 16;

/** Places in the ring's counters: numbers put in and taken out so far, which wrap round at 2^32. */
const PUT = 0;
const TAKEN = 1;

/** The shared memory of a ring. */
export function ringMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(8 + 8 * SIZE);
}

/** A ring of numbers in records, for one thread that puts and one that takes. */
export interface PointsRing {
  /** Puts a record, or leaves it where there is no room: says which. */
  put(record: readonly number[]): boolean;
  /** How far it was put, for `take`. */
  end(): number;
  /** Takes the records up to `end`, or all that are there. */
  take(end?: number): number[][];
}

export function openRing(memory: SharedArrayBuffer): PointsRing {
  const counters = new Int32Array(memory, 0, 2);
  const numbers = new Float64Array(memory, 8, SIZE);
  const at = (place: number): number => place & (SIZE - 1);
  return {
    put(record) {
      const start = Atomics.load(counters, PUT);
      const used = (start - Atomics.load(counters, TAKEN)) >>> 0;
      if (used + record.length + 1 > SIZE) return false;
      numbers[at(start)] = record.length;
      for (let i = 0; i < record.length; i++) numbers[at(start + 1 + i)] = record[i];
      // Only now is it there for the other thread.
      Atomics.store(counters, PUT, (start + 1 + record.length) | 0);
      return true;
    },
    end: () => Atomics.load(counters, PUT),
    take(end = Atomics.load(counters, PUT)) {
      const records: number[][] = [];
      let place = Atomics.load(counters, TAKEN);
      while (((end - place) | 0) > 0) {
        const first = place + 1;
        const length = numbers[at(place)];
        records.push(Array.from({ length }, (_, i) => numbers[at(first + i)]));
        place = (first + length) | 0;
      }
      Atomics.store(counters, TAKEN, place);
      return records;
    },
  };
}
