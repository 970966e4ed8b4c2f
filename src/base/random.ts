/**
 * Seeded random numbers: the xoshiro128** generator, its state filled by splitmix32.
 *
 * The same seed gives the same numbers on every machine. `fork` derives another generator from the seed and a label, whatever
 * was drawn before, so that (say) the order of batches does not depend on how many numbers the weight initialisation
 * took. There are 2^32 generators: two forks are the same one with a chance of 2^-32.
 *
 * @source Blackman and Vigna, "Scrambled linear pseudorandom number generators", arXiv:1805.01407
 */

/** Where no seed is given: one for splits, samples, training and everything else. */
export const DEFAULT_SEED = 42;

/** A source of random numbers. */
export interface Random {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** A number in [0, 1) with 53 random bits. */
  float(): number;
  /** An integer in [0, bound), without modulo bias; `bound` in [1, 2^32]. */
  integer(bound: number): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** Shuffles `items` in place (Fisher-Yates) and returns them. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** A generator that depends on this one's seed and `label` only. */
  fork(label: string | number): Random;
}

/**
 * The generator of `seed`, a whole number below 2^53. There are 2^32 streams: seeds below 2^32 have one each, larger ones share
 * these.
 */
export function createRandom(seed: number): Random {
  return fromKey(mix(mix(0x9e3779b9, seed >>> 0), Math.floor(seed / 2 ** 32) >>> 0));
}

function fromKey(key: number): Random {
  let [a, b, c, d] = splitmix(key);

  const uint32 = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  const float = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  const integer = (bound: number): number => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let draw = uint32();
    while (draw >= limit) draw = uint32();
    return draw % bound;
  };

  return {
    uint32,
    float,
    integer,
    // Box and Muller; 1 - u keeps the logarithm's argument above zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float()),
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const kept = items[i];
        (items as { [index: number]: unknown })[i] = items[j];
        (items as { [index: number]: unknown })[j] = kept;
      }
      return items;
    },
    fork: (label) =>
      fromKey(
        [...String(label)].reduce(
          (k, ch) => mix(k, ch.codePointAt(0) as number),
          mix(key, typeof label === "number" ? 1 : 2),
        ),
      ),
  };
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** One step of the murmur3 finaliser over `key` and `value`: every input bit reaches every output bit. */
function mix(key: number, value: number): number {
  let h = Math.imul(key ^ value, 0x85ebca6b) + 0x9e3779b9;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function splitmix(seed: number): [number, number, number, number] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  return [next(), next(), next(), next()];
}
