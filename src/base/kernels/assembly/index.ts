/**
 * The WebAssembly kernels: float32 arithmetic over flat buffers, four lanes at a time.
 *
 * AssemblyScript, compiled by `npm run build:kernels` into ../kernel-bytes.ts. The module has no
 * memory, data, heap or garbage collector of its own: every pointer is a byte offset into the memory
 * it is given, and nothing but the buffers named in a call is read or written.
 */

export { adam } from "./adam";
export { addScaled, scale, sumOfSquares } from "./arithmetic";
export { dropoutMask } from "./dropout-mask";
export { lion, sgd } from "./momentum";
