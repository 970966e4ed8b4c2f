/**
 * 128-bit hashes of bytes, to tell rows and data sets apart. Not for secrets: collisions can be made
 * on purpose, they do not happen by chance.
 *
 * @source Austin Appleby, MurmurHash3, the x86 128-bit variant (public domain)
 */

/** Where {@link hashBytes} puts its result: four 32-bit words. */
export type Hash128 = Uint32Array;

/** Writes the hash of `bytes` under `seed` to `out[at..at + 3]`. */
export function hashBytes(bytes: Uint8Array, seed: number, out: Hash128, at = 0): void {
  const length = bytes.length;
  const blocks = length >>> 4;
  let a = seed;
  let b = seed;
  let c = seed;
  let d = seed;
  for (let i = 0; i < blocks; i++) {
    const p = i << 4;
    a ^= scramble(word(bytes, p), 0x239b961b, 15, 0xab0e9789);
    a = Math.imul(rotate(a, 19) + b, 5) + 0x561ccd1b;
    b ^= scramble(word(bytes, p + 4), 0xab0e9789, 16, 0x38b34ae5);
    b = Math.imul(rotate(b, 17) + c, 5) + 0x0bcaa747;
    c ^= scramble(word(bytes, p + 8), 0x38b34ae5, 17, 0xa1e38b93);
    c = Math.imul(rotate(c, 15) + d, 5) + 0x96cd1c35;
    d ^= scramble(word(bytes, p + 12), 0xa1e38b93, 18, 0x239b961b);
    d = Math.imul(rotate(d, 13) + a, 5) + 0x32ac3b17;
  }
  const tail = blocks << 4;
  const rest = length & 15;
  if (rest > 12) d ^= scramble(partialWord(bytes, tail + 12, rest - 12), 0xa1e38b93, 18, 0x239b961b);
  if (rest > 8) c ^= scramble(partialWord(bytes, tail + 8, rest - 8), 0x38b34ae5, 17, 0xa1e38b93);
  if (rest > 4) b ^= scramble(partialWord(bytes, tail + 4, rest - 4), 0xab0e9789, 16, 0x38b34ae5);
  if (rest > 0) a ^= scramble(partialWord(bytes, tail, rest), 0x239b961b, 15, 0xab0e9789);

  a ^= length;
  b ^= length;
  c ^= length;
  d ^= length;
  a = (a + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
  a = finish(a);
  b = finish(b);
  c = finish(c);
  d = finish(d);
  a = (a + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
}

/** The 32 hexadecimal digits of the hash at `words[at..at + 3]`. */
export function hashHex(words: Hash128, at = 0): string {
  return [0, 1, 2, 3].map((i) => (words[at + i] as number).toString(16).padStart(8, "0")).join("");
}

/** The hash of a string's UTF-8 bytes, as 32 hexadecimal digits. */
export function hashText(text: string): string {
  const out = new Uint32Array(4);
  hashBytes(new TextEncoder().encode(text), 0, out);
  return hashHex(out);
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function partialWord(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = Math.min(count, 4) - 1; i >= 0; i--) value = (value << 8) | (bytes[at + i] as number);
  return value;
}

function scramble(value: number, first: number, bits: number, second: number): number {
  return Math.imul(rotate(Math.imul(value, first), bits), second);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finish(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
