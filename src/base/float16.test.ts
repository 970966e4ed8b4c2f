import { describe, expect, it } from "vitest";
import { bfloatToFloat, floatToHalf, halfToFloat } from "./float16.js";

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

describe("float32 to half", () => {
  const values = new Float32Array(65536);
  halfToFloat(all, values);
  const finite = all.filter((bits) => Number.isFinite(values[bits]));

  it("keeps every finite half", () => {
    expect(floatToHalf(Float32Array.from(finite, (bits) => values[bits]))).toEqual(finite);
  });

  it("takes the nearer of two neighbours, and the even one half-way", () => {
    const positive = finite.filter((bits) => bits < 0x7bff);
    const between = (share: number) =>
      floatToHalf(Float32Array.from(positive, (bits) => values[bits] + share * (values[bits + 1] - values[bits])));
    expect(between(0.25)).toEqual(positive);
    expect(between(0.5)).toEqual(positive.map((bits) => bits + (bits & 1)));
    expect(between(0.75)).toEqual(positive.map((bits) => bits + 1));
  });

  it("stops at the largest finite half", () => {
    expect([...floatToHalf(Float32Array.of(65519, 1e9, -Infinity))]).toEqual([0x7bff, 0x7bff, 0xfbff]);
    expect(floatToHalf(Float32Array.of(Number.NaN))[0] & 0x7c00).toBe(0x7c00);
  });
});
