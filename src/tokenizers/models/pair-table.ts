/** A table from pairs of numbers to numbers in three flat arrays: a million entries take 12 to 24 MB, and no objects. */
export interface PairTable {
  /** The value of a pair, -1 where it has none. */
  get(a: number, b: number): number;
  /** Sets it, to 0 or more. */
  set(a: number, b: number, value: number): void;
}

/** An empty table. `a` and `b` are whole numbers from 0 to 2^31 - 1. */
export function createPairTable(): PairTable {
  let size = 1 << 10;
  let used = 0;
  let first = new Int32Array(size);
  let second = new Int32Array(size);
  let values = new Int32Array(size).fill(-1);
  const place = (a: number, b: number): number => {
    const hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    let at = (hash ^ (hash >>> 15)) & (size - 1);
    while (values[at] >= 0 && (first[at] !== a || second[at] !== b)) at = (at + 1) & (size - 1);
    return at;
  };
  const put = (a: number, b: number, value: number): void => {
    const at = place(a, b);
    if (values[at] < 0) used++;
    first[at] = a;
    second[at] = b;
    values[at] = value;
  };
  const grow = (): void => {
    const old = [first, second, values] as const;
    size *= 2;
    used = 0;
    first = new Int32Array(size);
    second = new Int32Array(size);
    values = new Int32Array(size).fill(-1);
    for (const [i, value] of old[2].entries()) if (value >= 0) put(old[0][i], old[1][i], value);
  };
  return {
    get: (a, b) => values[place(a, b)],
    set(a, b, value) {
      if (2 * (used + 1) > size) grow();
      put(a, b, value);
    },
  };
}
