/** Safetensors files on disk: one tensor in memory at a time. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../../base/errors.js";
import {
  decodeTensor,
  encodeHeader,
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  type TensorEntry,
  type WeightReader,
} from "../safetensors.js";

/** Opens a `.safetensors` file, or the `.safetensors.index.json` of several. @throws E_WEIGHTS for a file that is not sound */
export async function openSafetensors(path: string): Promise<WeightReader> {
  return path.endsWith(".index.json") ? openShards(path) : openFile(path);
}

async function openFile(path: string): Promise<WeightReader> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const length = headerLength(await readAt(file, 0, Math.min(LENGTH_BYTES, size), path), size, path);
    const start = LENGTH_BYTES + length;
    const header = new TextDecoder().decode(await readAt(file, LENGTH_BYTES, length, path));
    const entries = new Map(parseHeader(header, size - start, path).map((entry) => [entry.name, entry]));
    const entryOf = (name: string): TensorEntry =>
      entries.get(name) ??
      fail("E_WEIGHTS", { where: path, expected: `a weight "${name}"`, got: `none among ${entries.size}` });
    return {
      names: [...entries.keys()],
      shape: (name) => entryOf(name).shape,
      dtype: (name) => entryOf(name).dtype,
      read: async (name) => {
        const entry = entryOf(name);
        return decodeTensor(entry, await readAt(file, start + entry.start, entry.end - entry.start, path), path);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readAt(
  file: FileHandle,
  position: number,
  length: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0)
      fail("E_WEIGHTS", {
        where: path,
        expected: `${length} bytes at ${position}`,
        got: "the end of the file",
        fix: "get the file anew",
      });
    done += bytesRead;
  }
  return bytes;
}

/** Weights that are spread over several files, by `weight_map`. */
async function openShards(path: string): Promise<WeightReader> {
  const index = JSON.parse(await readFile(path, "utf8")) as { weight_map?: Record<string, string> };
  const places = new Map(Object.entries(index.weight_map ?? {}));
  const outside = [...places.values()].find((file) => !/^[\w.-]+\.safetensors$/.test(file));
  if (places.size === 0 || outside !== undefined) {
    fail("E_WEIGHTS", {
      where: path,
      expected: "a weight_map to .safetensors files beside it",
      got: outside === undefined ? "none" : `"${outside}"`,
    });
  }
  const files = new Map<string, WeightReader>();
  const close = async (): Promise<void> => {
    for (const reader of files.values()) await reader.close();
  };
  try {
    for (const name of new Set(places.values())) files.set(name, await openFile(join(dirname(path), name)));
  } catch (error) {
    await close();
    throw error;
  }
  const readerOf = (name: string): WeightReader =>
    files.get(places.get(name) ?? "") ??
    fail("E_WEIGHTS", { where: path, expected: `a weight "${name}"`, got: `none among ${places.size}` });
  return {
    names: [...places.keys()],
    shape: (name) => readerOf(name).shape(name),
    dtype: (name) => readerOf(name).dtype(name),
    read: (name) => readerOf(name).read(name),
    close,
  };
}

/** A float32 tensor to write. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Writes a new file; it is on disk when the promise resolves. */
export async function writeSafetensors(
  path: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(encodeHeader(tensors, metadata));
    for (const { data } of tensors) await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    await file.sync();
  } finally {
    await file.close();
  }
}
