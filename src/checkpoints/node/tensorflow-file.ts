/** TensorFlow's checkpoints: `X.index` with `X.data-00000-of-00001` beside it, as in `variables/` of a SavedModel. */
import type { JsonObject } from "../conversions/conversion.js";
import {
  type Bundle,
  type BundleEntry,
  OBJECT_GRAPH_KEY,
  readIndex,
  readText,
  variableNames,
} from "../tensorflow/bundle.js";
import { maskedCrc32c } from "../tensorflow/crc32c.js";
import { damaged, decodeFloats, FLOAT_BYTES, type FloatType, notFloats, readerOf } from "../weight-reader.js";
import { type OpenFile, openBytes } from "./file-bytes.js";
import type { OpenedWeights } from "./format.js";

/** An index takes some hundred bytes for each weight. */
const MAX_INDEX_BYTES = 1 << 28;
/** TensorFlow Hub's modules say by this variable whether they are uncased. */
const LOWER_CASE_KEY = "do_lower_case/.ATTRIBUTES/VARIABLE_VALUE";

/** Opens the checkpoint whose index is at `path`. @throws E_WEIGHTS for files that are damaged or do not belong together */
export async function openTensorflow(path: string): Promise<OpenedWeights> {
  const bundle = await readIndexFile(path);
  const files = await openData(path, bundle.shards);
  const close = async (): Promise<void> => {
    for (const file of files) await file.close();
  };
  const read = async (entry: BundleEntry): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await (files[entry.shard] as OpenFile).read(entry.offset, entry.size);
    // The checksum of texts is computed otherwise.
    const checksum = entry.dtype === "string" ? entry.checksum : maskedCrc32c(bytes);
    if (checksum !== entry.checksum)
      damaged(`${files[entry.shard]?.path}, weight "${entry.key}"`, `the checksum ${entry.checksum}`, `${checksum}`);
    return bytes;
  };
  try {
    const named = await nameEntries(bundle, read, path);
    const tensors = [...named].map(([name, entry]) => {
      const load = async () => decodeFloats(floatType(entry, path), await read(entry));
      return [name, { shape: entry.shape, read: load }] as const;
    });
    const lowerCase = bundle.entries.find(({ key, size }) => key === LOWER_CASE_KEY && size === 1);
    const tokenizerConfig: JsonObject | undefined = lowerCase && { do_lower_case: (await read(lowerCase))[0] !== 0 };
    return {
      weights: readerOf(path, new Map(tensors), close),
      ...(tokenizerConfig === undefined ? {} : { tokenizerConfig }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readIndexFile(path: string): Promise<Bundle> {
  const file = await openBytes(path);
  try {
    if (file.size > MAX_INDEX_BYTES) damaged(path, `an index of at most ${MAX_INDEX_BYTES} bytes`, String(file.size));
    return readIndex(await file.read(0, file.size), path);
  } finally {
    await file.close();
  }
}

async function openData(path: string, shards: number): Promise<OpenFile[]> {
  const number = (value: number): string => String(value).padStart(5, "0");
  const files: OpenFile[] = [];
  try {
    for (let shard = 0; shard < shards; shard++)
      files.push(await openBytes(path.replace(/\.index$/, `.data-${number(shard)}-of-${number(shards)}`)));
    return files;
  } catch (error) {
    for (const file of files) await file.close();
    throw error;
  }
}

/** The tensors by the names of their variables, texts left out. */
async function nameEntries(
  { entries }: Bundle,
  read: (entry: BundleEntry) => Promise<Uint8Array>,
  path: string,
): Promise<Map<string, BundleEntry>> {
  const graph = entries.find(({ key, dtype }) => key === OBJECT_GRAPH_KEY && dtype === "string");
  const text = graph && readText(await read(graph), `${path}, ${OBJECT_GRAPH_KEY}`);
  const numbers = entries.filter(({ dtype }) => dtype !== "string");
  const names = variableNames(
    numbers.map(({ key }) => key),
    text,
    path,
  );
  return new Map(numbers.map((entry) => [names.get(entry.key) ?? entry.key, entry]));
}

function floatType({ key, dtype }: BundleEntry, path: string): FloatType {
  return Object.hasOwn(FLOAT_BYTES, dtype) ? (dtype as FloatType) : notFloats(`${path}, weight "${key}"`, dtype);
}
