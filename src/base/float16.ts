/** 16-bit floating-point numbers to float32, where nothing is rounded, and back. */

/** The float32 values of IEEE 754 binary16 bit patterns. */
export function halfToFloat(bits: Uint16Array, target: Float32Array): void {
  for (let i = 0; i < bits.length; i++) target[i] = HALF_VALUES[bits[i]];
}

/**
 * The IEEE 754 binary16 patterns nearest to float32 values, ties to even. What is too large becomes the largest finite
 * half, as weights have to stay numbers.
 */
export function floatToHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i];
    const sign = (word[0] >>> 16) & 0x8000;
    const magnitude = word[0] & 0x7fffffff;
    if (magnitude > 0x7f800000) halves[i] = sign | 0x7e00;
    else if (magnitude >= LARGEST_HALF) halves[i] = sign | 0x7bff;
    // A fraction that rounds up to the whole carries into the exponent, which is what it should.
    else if (magnitude >= SMALLEST_NORMAL)
      halves[i] = sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - REBIAS) >>> 13);
    else {
      // Below 2^-14 halves stand 2^-24 apart, as floats do between 0.5 and 1: the sum is rounded to those.
      float[0] = Math.abs(values[i]) + 0.5;
      halves[i] = sign | (word[0] - 0x3f000000);
    }
  }
  return halves;
}

/** Patterns of float32: 65504, 2^-14, and what the exponents of the two formats are apart. */
const LARGEST_HALF = 0x477fe000;
const SMALLEST_NORMAL = 0x38800000;
const REBIAS = 112 << 23;

/** The float32 values of bfloat16 bit patterns: the upper halves of float32's. */
export function bfloatToFloat(bits: Uint16Array, target: Float32Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
}

/** The value of each of the 65,536 patterns: a quarter of a megabyte, once. */
const HALF_VALUES = Float32Array.from({ length: 65536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});
