/**
 * One stretch of memory for the flat buffers: parameters, gradients, moments, masks.
 *
 * It is a WebAssembly.Memory, so that the SIMD kernels work on it in place, and not a shared one, so
 * that onnxruntime-node reads and writes views of it (in Node 20 it refuses a SharedArrayBuffer). Where
 * WebAssembly SIMD is missing, or more than 4 GiB are asked for, allocations are plain buffers: every
 * user of them works the same, only slower.
 */

import { fail } from "./errors.js";
import { instantiateKernels, simdAvailable } from "./kernels/instance.js";

/** Hands out zero-filled buffers that live as long as something refers to them. */
export interface FlatMemory {
  /** Whether allocations lie in one WebAssembly.Memory, where SIMD kernels work in place. */
  readonly inPlace: boolean;
  /** A zero-filled buffer of `length` elements, aligned to 64 bytes when `inPlace`. */
  allocate(length: number): Float32Array<ArrayBuffer>;
}

const PAGE_BYTES = 65536;
const MAX_PAGES = 65536; // 4 GiB, the reach of a 32-bit offset
const ALIGNMENT = 64; // a cache line

// Buffers that are walked in step must not start at the same place of a 4 KiB page: on AMD processors
// two such addresses can fall on one cache tag and evict each other, which made AdamW 2.5 times slower.
const COLOUR_BYTES = 4096;
const COLOUR_STEP = 1088;
// Room for the gaps that this leaves: untouched pages take no physical memory.
const SLACK_BYTES = 64 * COLOUR_BYTES;

/**
 * Memory for `bytes` bytes of buffers. An allocation for which there is no room left is a plain
 * buffer, and so is every allocation where WebAssembly SIMD or that much address space is missing.
 */
export function createFlatMemory(bytes: number): FlatMemory {
  if (!Number.isFinite(bytes) || bytes < 0) {
    fail("E_CONFIG", { where: "createFlatMemory", expected: "a number of bytes", got: String(bytes) });
  }
  const buffer = reserve(bytes);
  if (buffer === undefined) return { inPlace: false, allocate: (length) => new Float32Array(length) };

  let end = 0;
  let allocations = 0;
  const allocate = (length: number): Float32Array<ArrayBuffer> => {
    const colour = (allocations * COLOUR_STEP) % COLOUR_BYTES;
    const start = end + ((colour - (end % COLOUR_BYTES) + COLOUR_BYTES) % COLOUR_BYTES);
    const next = start + length * Float32Array.BYTES_PER_ELEMENT;
    if (next > buffer.byteLength) return new Float32Array(length);
    allocations++;
    end = Math.ceil(next / ALIGNMENT) * ALIGNMENT;
    return new Float32Array(buffer, start, length);
  };
  return { inPlace: true, allocate };
}

function reserve(bytes: number): ArrayBuffer | undefined {
  const pages = Math.ceil((bytes + SLACK_BYTES) / PAGE_BYTES);
  if (!simdAvailable || pages > MAX_PAGES) return undefined;
  try {
    // Fixed in size: growing would detach every view.
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    instantiateKernels(memory);
    return memory.buffer;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
