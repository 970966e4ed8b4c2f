/** 16-bit floating-point numbers to float32. Every half and bfloat16 value is a float32 value: nothing is rounded. */

/** The float32 values of IEEE 754 binary16 bit patterns. */
export function halfToFloat(bits: Uint16Array, target: Float32Array): void {
  for (let i = 0; i < bits.length; i++) target[i] = HALF_VALUES[bits[i]];
}

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
