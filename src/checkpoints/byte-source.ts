/** Bytes that are read where they are needed: a file, or a part of one. */
import { damaged } from "./weight-reader.js";

export interface ByteSource {
  /** To be shown in errors. */
  readonly path: string;
  readonly size: number;
  /** @throws E_WEIGHTS for a range beyond the end, before anything is allocated */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** `size` bytes of `source` from `start` on, as a source of its own. @throws E_WEIGHTS for a range beyond the end */
export function partOf(source: ByteSource, start: number, size: number, path: string): ByteSource {
  assertInside(path, start, size, source.size);
  return {
    path,
    size,
    read: (from, length) => {
      assertInside(path, from, length, size);
      return source.read(start + from, length);
    },
  };
}

/** @throws E_WEIGHTS where `length` bytes from `start` on do not lie in a file of `size` bytes */
export function assertInside(path: string, start: number, length: number, size: number): void {
  const counts = [start, length].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!counts || start + length > size) {
    damaged(path, `${length} bytes at ${start}`, `${size} bytes in all`);
  }
}
