/** Safetensors files on disk: one tensor in memory at a time. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../../base/errors.js";
import { sizeOf } from "../../graph/shape.js";
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
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) =>
    fail(
      "E_WEIGHTS",
      {
        where: path,
        expected: "a file of weights",
        got: error.code === "ENOENT" ? "nothing of this name" : (error.code ?? error.message),
        fix: "bring all files of the model",
      },
      error,
    ),
  );
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

/** The system reads less than 2 GiB at a time. */
const MAX_READ = 1 << 30;

async function readAt(
  file: FileHandle,
  position: number,
  length: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(length - done, MAX_READ), position + done);
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
  const places = weightMap(await readFile(path, "utf8"));
  const outside = [...places.values()].find((file) => !/^[\w.-]+\.safetensors$/.test(file));
  if (places.size === 0 || outside !== undefined) {
    fail("E_WEIGHTS", {
      where: path,
      expected: "a weight_map to .safetensors files beside it",
      got: outside === undefined ? "none" : `"${outside}"`,
      fix: "get the file anew",
    });
  }
  const files = new Map<string, WeightReader>();
  const close = async (): Promise<void> => {
    for (const reader of files.values()) await reader.close();
  };
  try {
    for (const name of new Set(places.values())) files.set(name, await openFile(join(dirname(path), name)));
    for (const [name, file] of places) files.get(file)?.shape(name);
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

/** The file of each weight, by an index; nothing where it has none. */
function weightMap(text: string): Map<string, string> {
  try {
    const { weight_map } = JSON.parse(text) as { weight_map: Record<string, string> };
    return new Map(Object.entries(weight_map).map(([name, file]) => [name, String(file)]));
  } catch {
    return new Map();
  }
}

/** A float32 tensor to write; `data` is asked for when its turn comes, and not kept. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
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
