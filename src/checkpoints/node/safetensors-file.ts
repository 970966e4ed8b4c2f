/** Safetensors files on disk: one tensor in memory at a time. */
import { open } from "node:fs/promises";
import { fail } from "../../base/errors.js";
import { sizeOf } from "../../graph/shape.js";
import type { NamedTensor } from "../checkpoint.js";
import { encodeHeader, headerLength, LENGTH_BYTES, parseHeader, parseMetadata, readEntry } from "../safetensors.js";
import { readerOf, type WeightReader } from "../weight-reader.js";
import { openBytes, withBytes } from "./file-bytes.js";
import { openShards } from "./shards.js";

/** Opens a `.safetensors` file, or the `.safetensors.index.json` of several. @throws E_WEIGHTS for a file that is not sound */
export async function openSafetensors(path: string): Promise<WeightReader> {
  return path.endsWith(".index.json") ? openShards(path, ".safetensors", openFile) : openFile(path);
}

/** What a `.safetensors` file says beside its tensors. @throws E_WEIGHTS for a file that is not sound */
export async function readSafetensorsMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  const file = await openBytes(path);
  try {
    const length = headerLength(await file.read(0, Math.min(LENGTH_BYTES, file.size)), file.size, path);
    return parseMetadata(new TextDecoder().decode(await file.read(LENGTH_BYTES, length)), path);
  } finally {
    await file.close();
  }
}

function openFile(path: string): Promise<WeightReader> {
  return withBytes(path, async (file) => {
    const length = headerLength(await file.read(0, Math.min(LENGTH_BYTES, file.size)), file.size, path);
    const start = LENGTH_BYTES + length;
    const header = new TextDecoder().decode(await file.read(LENGTH_BYTES, length));
    const tensors = parseHeader(header, file.size - start, path).map(
      (entry) => [entry.name, { shape: entry.shape, read: () => readEntry(entry, file, start) }] as const,
    );
    return readerOf(path, new Map(tensors), file.close);
  });
}

/**
 * Writes a new file; it is on disk when the promise resolves.
 *
 * @throws E_WEIGHTS for a name that comes twice, and for data that do not fill their shape
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Promise<void> {
  const twice = tensors.find(({ name }, i) => tensors.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    fail("E_WEIGHTS", { where: path, expected: "different names", got: `"${twice.name}" twice` });
  const file = await open(path, "wx");
  try {
    await file.writeFile(encodeHeader(tensors, metadata));
    for (const { name, shape, data } of tensors) {
      const size = sizeOf(shape);
      if (data.length !== size) {
        fail("E_WEIGHTS", { where: `${path}, weight "${name}"`, expected: `${size} values`, got: String(data.length) });
      }
      await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
