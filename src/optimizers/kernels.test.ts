import { describe, expect, it } from "vitest";
import { createFlatMemory } from "../base/flat-memory.js";
import { type AdamBuffers, type MomentBuffers, simdKernels } from "../base/kernels/simd.js";
import { createRandom } from "../base/random.js";
import { adamConstants, adamLoop } from "./adam-step.js";
import { lionLoop } from "./lion.js";
import { sgdLoop } from "./sgd.js";

const LENGTH = 5003;
type Buffers = AdamBuffers & MomentBuffers;
type Step = (buffers: Buffers, start: number, length: number) => void;

const numbers = { step: 3, learningRate: 1e-3, gradientScale: 0.37, weightDecay: 0.1 };
const adam = adamConstants({ ...numbers, coupled: true, betas: [0.9, 0.999], epsilon: 1e-8 });
const adamw = adamConstants({ ...numbers, coupled: false, betas: [0.9, 0.999], epsilon: 1e-8 });
const sgd = { gradientScale: 0.37, l2: 0.1, momentum: 0.9, ofGradient: 1e-3, ofMomentum: 9e-4 };
const lionBetas = { beta1: 0.9, oneMinusBeta1: 1 - 0.9, beta2: 0.99, oneMinusBeta2: 1 - 0.99 };
const lion = { gradientScale: 0.37, decay: 0.9999, ...lionBetas, stepSize: 1e-3 };

const STEPS: readonly (readonly [string, Step, Step])[] = [
  ["adam", (b, start, n) => simdKernels?.adam(b, start, n, adam), (b, start, n) => adamLoop(b, start, n, adam)],
  ["adamw", (b, start, n) => simdKernels?.adam(b, start, n, adamw), (b, start, n) => adamLoop(b, start, n, adamw)],
  ["sgd", (b, start, n) => simdKernels?.sgd(b, start, n, sgd), (b, start, n) => sgdLoop(b, start, n, sgd)],
  ["lion", (b, start, n) => simdKernels?.lion(b, start, n, lion), (b, start, n) => lionLoop(b, start, n, lion)],
];

function filled(allocate: (length: number) => Float32Array): Buffers {
  const random = createRandom(5);
  const fill = (value: () => number) => {
    const buffer = allocate(LENGTH);
    buffer.set(Float32Array.from({ length: LENGTH }, value));
    return buffer;
  };
  const spread = () => (random.integer(9) === 0 ? 0 : random.normal() * 10 ** (-12 * random.float()));
  return {
    parameters: fill(() => random.normal()),
    gradients: fill(spread),
    firstMoment: fill(spread),
    secondMoment: fill(() => spread() ** 2),
    moment: fill(spread),
  };
}

const bits = (buffers: Buffers) =>
  Object.values(buffers).map((b: Float32Array) => [...new Int32Array(b.slice().buffer)]);

describe.runIf(simdKernels).each(STEPS)("the kernel of %s", (_, kernel, loop) => {
  it("gives the same bits in a flat memory, through the scratch memory and in TypeScript", () => {
    const inPlace = filled(createFlatMemory(8 * LENGTH * 4).allocate);
    const staged = filled((n) => new Float32Array(n));
    const plain = filled((n) => new Float32Array(n));
    const untouched = bits(plain);
    // Neither end on a boundary of a vector, a cache line or a piece.
    for (const [start, count] of [
      [1, 4990],
      [4995, 0],
      [4996, 3],
    ] as const) {
      kernel(inPlace, start, count);
      kernel(staged, start, count);
      loop(plain, start, count);
    }
    expect(bits(inPlace)).toEqual(bits(plain));
    expect(bits(staged)).toEqual(bits(plain));
    // Elements outside of the segments keep their bits; those inside changed.
    for (const i of [0, 4991, 4995, 4999, 5002]) expect(bits(inPlace)[0][i]).toBe(untouched[0][i]);
    for (const i of [1, 4990, 4996, 4998]) expect(bits(inPlace)[0][i]).not.toBe(untouched[0][i]);
  });

  it("lets NaN through to what it belongs to and to nothing else", () => {
    const buffers = filled((n) => new Float32Array(n));
    buffers.gradients[10] = Number.NaN;
    kernel(buffers, 0, LENGTH);
    const { gradients: _gradients, ...written } = buffers;
    const places = Object.values(written).flatMap((values) =>
      [...values].flatMap((value, i) => (Number.isNaN(value) ? [i] : [])),
    );
    expect(new Set(places)).toEqual(new Set([10]));
  });
});
