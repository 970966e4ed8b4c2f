/**
 * Instances of the kernel module, one for each memory that it works in.
 *
 * The source is in assembly/, compiled into kernel-bytes.ts by `npm run build:kernels`.
 */

import { KERNEL_BYTES } from "./kernel-bytes.js";

/** The exported functions; pointers are byte offsets into the instance's memory, counts are elements. */
export interface KernelExports {
  adam(
    parameters: number,
    gradients: number,
    firstMoment: number,
    secondMoment: number,
    count: number,
    gradientScale: number,
    l2: number,
    decay: number,
    oneMinusBeta1: number,
    beta2: number,
    oneMinusBeta2: number,
    stepSize: number,
    epsilon: number,
  ): void;
  sgd(
    parameters: number,
    gradients: number,
    momentum: number,
    count: number,
    gradientScale: number,
    l2: number,
    momentumShare: number,
    ofGradient: number,
    ofMomentum: number,
  ): void;
  lion(
    parameters: number,
    gradients: number,
    moment: number,
    count: number,
    gradientScale: number,
    decay: number,
    beta1: number,
    oneMinusBeta1: number,
    beta2: number,
    oneMinusBeta2: number,
    stepSize: number,
  ): void;
  sumOfSquares(x: number, count: number): number;
  addScaled(target: number, source: number, count: number, factor: number): void;
  scale(target: number, count: number, factor: number): void;
  dropoutMask(
    target: number,
    count: number,
    threshold: number,
    kept: number,
    key0: number,
    key1: number,
    stream: number,
    firstBlock: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;
const instances = new WeakMap<ArrayBufferLike, KernelExports>();

/** Whether this machine runs the kernels; without WebAssembly SIMD they do not validate. */
export const simdAvailable: boolean = typeof WebAssembly !== "undefined" && WebAssembly.validate(decode(KERNEL_BYTES));

/** Makes the kernels work in `memory`: {@link kernelsIn} finds them by its buffer. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelExports {
  compiled ??= new WebAssembly.Module(decode(KERNEL_BYTES));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernels = instance.exports as unknown as KernelExports;
  instances.set(memory.buffer, kernels);
  return kernels;
}

/** The kernels whose memory holds every one of `views`; undefined when there is no such memory. */
export function kernelsIn(...views: readonly Float32Array[]): KernelExports | undefined {
  const buffer = views[0]?.buffer;
  if (buffer === undefined || views.some((view) => view.buffer !== buffer)) return undefined;
  return instances.get(buffer);
}

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
