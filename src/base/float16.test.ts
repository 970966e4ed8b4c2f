import { expect, it } from "vitest";
import { bfloatToFloat, halfToFloat } from "./float16.js";

const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

it("gives every half its value", () => {
  const values = new Float32Array(65536);
  halfToFloat(all, values);
  const wrong: string[] = [];
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits >> 15 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const expected =
      exponent === 31
        ? fraction
          ? Number.NaN
          : sign * Infinity
        : exponent === 0
          ? (sign * fraction) / 2 ** 24
          : (sign * (1024 + fraction) * 2 ** exponent) / 2 ** 25;
    if (!Object.is(values[bits], expected)) wrong.push(bits.toString(16));
  }
  expect(wrong).toEqual([]);
});

it("gives bfloat16 the upper half of a float32", () => {
  const values = new Float32Array(65536);
  bfloatToFloat(all, values);
  const words = new Uint32Array(values.buffer);
  expect(all.every((bits) => words[bits] === (bits << 16) >>> 0)).toBe(true);
  expect([values[0x3f80], values[0xc2f7]]).toEqual([1, -123.5]);
});
