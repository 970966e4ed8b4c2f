/**
 * The WebAssembly SIMD kernels over any Float32Array.
 *
 * Views of a flat memory (../flat-memory.ts) are worked on in place. A kernel reaches no other
 * memory than its own, so views from elsewhere pass through a small scratch memory, piece by piece:
 * the pieces stay in the first-level cache, which costs a copy there and no more main-memory traffic.
 * Both ways give the same bits: a sum is one of the sums of blocks, wherever they are.
 *
 * One core does it all: a worker thread reaches only shared memory, which onnxruntime-node takes from Node 24
 * on only, and two cores together move hardly more than one (38 to 46 GB/s on the two-core EPYC this was
 * measured on; PyTorch's fused AdamW of 110 M parameters takes 77 ms with one thread there and 75 with two).
 * The same step as an onnxruntime graph over pieces that fit the cache, on both cores, took five times as long.
 */

import { instantiateKernels, type KernelExports, kernelsIn, simdAvailable } from "./instance.js";

/** What one step of Adam or AdamW multiplies and adds; the formula is in src/optimizers/adam-step.ts. */
export interface AdamConstants {
  readonly gradientScale: number;
  readonly l2: number;
  readonly decay: number;
  readonly oneMinusBeta1: number;
  readonly beta2: number;
  readonly oneMinusBeta2: number;
  readonly stepSize: number;
  readonly epsilon: number;
}

/** The flat buffers of Adam and AdamW, all of one length. */
export interface AdamBuffers {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** What one step of SGD multiplies and adds; the formula is in src/optimizers/sgd.ts. */
export interface SgdConstants {
  readonly gradientScale: number;
  readonly l2: number;
  readonly momentum: number;
  readonly ofGradient: number;
  readonly ofMomentum: number;
}

/** What one step of Lion multiplies and adds; the formula is in src/optimizers/lion.ts. */
export interface LionConstants {
  readonly gradientScale: number;
  readonly decay: number;
  readonly beta1: number;
  readonly oneMinusBeta1: number;
  readonly beta2: number;
  readonly oneMinusBeta2: number;
  readonly stepSize: number;
}

/** The flat buffers of SGD and Lion, all of one length. */
export interface MomentBuffers {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly moment: Float32Array;
}

/** The four arguments that a dropout mask is a function of; see ../dropout-mask.ts. */
export interface MaskKey {
  readonly threshold: number;
  readonly kept: number;
  readonly seed: readonly [number, number];
  readonly stream: number;
}

/** The kernels, each equal to a TypeScript loop of the same name beside its user; `sumOfSquares` adds in another order. */
export interface SimdKernels {
  adam(buffers: AdamBuffers, start: number, length: number, constants: AdamConstants): void;
  sgd(buffers: MomentBuffers, start: number, length: number, constants: SgdConstants): void;
  lion(buffers: MomentBuffers, start: number, length: number, constants: LionConstants): void;
  sumOfSquares(x: Float32Array): number;
  addScaled(target: Float32Array, source: Float32Array, factor: number): void;
  scale(target: Float32Array, factor: number): void;
  dropoutMask(target: Float32Array, key: MaskKey): void;
}

// Elements of a piece. 2 KiB is the longest stretch that C libraries copy with ordinary instructions: for
// more they use `rep movsb`, which AMD's Zen 3 runs ten times slower where the target starts shortly after
// the source within a page, and addresses are not to be seen here.
const PIECE = 512;
const PIECE_BYTES = PIECE * Float32Array.BYTES_PER_ELEMENT;
// Elements of a block: of a sum of squares, and of the generator of dropout masks, see ../dropout-mask.ts.
const BLOCK = 8192;

/** The kernels, or undefined where WebAssembly SIMD is missing. */
export const simdKernels: SimdKernels | undefined = simdAvailable
  ? { adam, sgd, lion, sumOfSquares, addScaled, scale, dropoutMask }
  : undefined;

interface Scratch {
  readonly kernels: KernelExports;
  /** Four views of one piece each, at byte offsets 0, 1, 2 and 3 times PIECE_BYTES. */
  readonly pieces: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  /** Views of the first BLOCK elements, one piece each. */
  readonly block: readonly Float32Array[];
}

let scratchMemory: Scratch | undefined;

function scratch(): Scratch {
  if (scratchMemory !== undefined) return scratchMemory;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const piece = (index: number) => new Float32Array(memory.buffer, index * PIECE_BYTES, PIECE);
  scratchMemory = {
    kernels: instantiateKernels(memory),
    pieces: [piece(0), piece(1), piece(2), piece(3)],
    block: Array.from({ length: BLOCK / PIECE }, (_, index) => piece(index)),
  };
  return scratchMemory;
}

function adam(buffers: AdamBuffers, start: number, length: number, c: AdamConstants): void {
  const { parameters, gradients, firstMoment, secondMoment } = buffers;
  overElements([parameters, gradients, firstMoment, secondMoment], start, length, (kernels, [p, g, m, v], count) =>
    kernels.adam(
      ...([p, g, m, v] as const),
      count,
      c.gradientScale,
      c.l2,
      c.decay,
      c.oneMinusBeta1,
      c.beta2,
      c.oneMinusBeta2,
      c.stepSize,
      c.epsilon,
    ),
  );
}

function sgd({ parameters, gradients, moment }: MomentBuffers, start: number, length: number, c: SgdConstants): void {
  overElements([parameters, gradients, moment], start, length, (kernels, [p, g, m], count) =>
    kernels.sgd(p, g, m, count, c.gradientScale, c.l2, c.momentum, c.ofGradient, c.ofMomentum),
  );
}

function lion({ parameters, gradients, moment }: MomentBuffers, start: number, length: number, c: LionConstants): void {
  overElements([parameters, gradients, moment], start, length, (kernels, [p, g, m], count) =>
    kernels.lion(
      ...([p, g, m] as const),
      count,
      c.gradientScale,
      c.decay,
      c.beta1,
      c.oneMinusBeta1,
      c.beta2,
      c.oneMinusBeta2,
      c.stepSize,
    ),
  );
}

/** The place of the gradients among the buffers of an optimizer, the one that a step only reads. */
const GRADIENTS = 1;

/** Runs a step of an optimizer over elements [start, start + length) of its buffers. */
function overElements(
  buffers: readonly Float32Array[],
  start: number,
  length: number,
  run: (kernels: KernelExports, pointers: readonly number[], count: number) => void,
): void {
  const inPlace = kernelsIn(...buffers);
  if (inPlace !== undefined) {
    const offset = start * Float32Array.BYTES_PER_ELEMENT;
    run(
      inPlace,
      buffers.map(({ byteOffset }) => byteOffset + offset),
      length,
    );
    return;
  }
  const { kernels, pieces } = scratch();
  const pointers = buffers.map((_, index) => pieces[index].byteOffset);
  for (let from = start; from < start + length; from += PIECE) {
    const to = Math.min(from + PIECE, start + length);
    for (const [index, buffer] of buffers.entries()) pieces[index].set(buffer.subarray(from, to));
    run(kernels, pointers, to - from);
    for (const [index, buffer] of buffers.entries()) if (index !== GRADIENTS) copyBack(buffer, pieces[index], from, to);
  }
}

function sumOfSquares(x: Float32Array): number {
  const inPlace = kernelsIn(x);
  let sum = 0;
  for (let from = 0; from < x.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, x.length);
    sum +=
      inPlace === undefined
        ? sumOfBlock(x.subarray(from, to))
        : inPlace.sumOfSquares(x.byteOffset + from * Float32Array.BYTES_PER_ELEMENT, to - from);
  }
  return sum;
}

function sumOfBlock(x: Float32Array): number {
  const { kernels, block } = scratch();
  for (let from = 0; from < x.length; from += PIECE) {
    block[from / PIECE].set(x.subarray(from, Math.min(from + PIECE, x.length)));
  }
  return kernels.sumOfSquares(0, x.length);
}

function addScaled(target: Float32Array, source: Float32Array, factor: number): void {
  const inPlace = kernelsIn(target, source);
  if (inPlace !== undefined) {
    inPlace.addScaled(target.byteOffset, source.byteOffset, target.length, factor);
    return;
  }
  const { kernels, pieces } = scratch();
  for (let from = 0; from < target.length; from += PIECE) {
    const to = Math.min(from + PIECE, target.length);
    pieces[0].set(target.subarray(from, to));
    pieces[1].set(source.subarray(from, to));
    kernels.addScaled(pieces[0].byteOffset, pieces[1].byteOffset, to - from, factor);
    copyBack(target, pieces[0], from, to);
  }
}

function scale(target: Float32Array, factor: number): void {
  const inPlace = kernelsIn(target);
  if (inPlace !== undefined) {
    inPlace.scale(target.byteOffset, target.length, factor);
    return;
  }
  const { kernels, pieces } = scratch();
  for (let from = 0; from < target.length; from += PIECE) {
    const to = Math.min(from + PIECE, target.length);
    pieces[0].set(target.subarray(from, to));
    kernels.scale(pieces[0].byteOffset, to - from, factor);
    copyBack(target, pieces[0], from, to);
  }
}

function dropoutMask(target: Float32Array, key: MaskKey): void {
  const { threshold, kept, seed, stream } = key;
  const inPlace = kernelsIn(target);
  if (inPlace !== undefined) {
    inPlace.dropoutMask(target.byteOffset, target.length, threshold, kept, seed[0], seed[1], stream, 0);
    return;
  }
  const { kernels, block } = scratch();
  for (let from = 0; from < target.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, target.length);
    kernels.dropoutMask(0, to - from, threshold, kept, seed[0], seed[1], stream, from / BLOCK);
    for (let start = from; start < to; start += PIECE) {
      copyBack(target, block[(start - from) / PIECE] as Float32Array, start, Math.min(start + PIECE, to));
    }
  }
}

function copyBack(target: Float32Array, piece: Float32Array, from: number, to: number): void {
  target.set(to - from === piece.length ? piece : piece.subarray(0, to - from), from);
}
