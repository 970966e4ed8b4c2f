/**
 * PyTorch's files of weights, as `torch.save` writes them: a zip archive with a pickle and a file for each storage, or,
 * before PyTorch 1.6, one pickle after another and then the storages.
 *
 * @source torch/serialization.py: _save, _legacy_save
 */
import type { ByteSource } from "../byte-source.js";
import { partOf } from "../byte-source.js";
import { readStateDict, type Storage, storedTensors } from "../pytorch/state-dict.js";
import { unpickle } from "../pytorch/unpickle.js";
import { damaged, readerOf, type WeightReader } from "../weight-reader.js";
import { type OpenFile, withBytes } from "./file-bytes.js";
import { openShards } from "./shards.js";
import { zipEntries } from "./zip-entries.js";

/** Opens `pytorch_model.bin`, or the index of several. @throws E_WEIGHTS for a file that is not sound or holds more than tensors */
export async function openPytorch(path: string): Promise<WeightReader> {
  return path.endsWith(".index.json") ? openShards(path, ".bin", openFile) : openFile(path);
}

/** A pickle that describes weights, without their values, is some hundred kilobytes long. */
const MAX_PICKLE_BYTES = 1 << 26;

function openFile(path: string): Promise<WeightReader> {
  return withBytes(path, async (file) => {
    const [first, second] = await file.read(0, Math.min(2, file.size));
    const isZip = first === 0x50 && second === 0x4b;
    return isZip ? openZip(file) : openLegacy(file);
  });
}

async function openZip(file: OpenFile): Promise<WeightReader> {
  const { path } = file;
  const entries = await zipEntries(file);
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  const source = pickle === undefined ? undefined : entries.get(pickle);
  if (pickle === undefined || source === undefined) return damaged(path, "a file data.pkl in the archive", "none");
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = entries.get(`${folder}byteorder`);
  const byteOrder =
    order === undefined ? "little" : new TextDecoder().decode(await order.read(0, Math.min(order.size, 16)));
  if (byteOrder !== "little") damaged(`${path}, byteorder`, "little", JSON.stringify(byteOrder));
  const { tensors } = readStateDict(await readPickle(source), 0, `${path}, data.pkl`);
  const bytesOf = ({ key }: Storage): ByteSource =>
    entries.get(`${folder}data/${key}`) ?? damaged(path, `a file data/${key} in the archive`, "none");
  return readerOf(path, storedTensors(tensors, bytesOf, path), file.close);
}

async function readPickle(source: ByteSource): Promise<Uint8Array> {
  if (source.size > MAX_PICKLE_BYTES)
    damaged(source.path, `a description of at most ${MAX_PICKLE_BYTES} bytes`, `${source.size}`);
  return source.read(0, source.size);
}

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

async function openLegacy(file: OpenFile): Promise<WeightReader> {
  const { path, size } = file;
  const head = await file.read(0, Math.min(size, MAX_PICKLE_BYTES));
  const plain = {
    path,
    globals: new Map<string, never>(),
    refuse: (name: string): never => damaged(path, "a file of PyTorch's weights", `a pickle with "${name}"`),
  };
  const magic = unpickle(head, 0, plain);
  if (magic.value !== MAGIC) damaged(path, "a file that torch.save wrote", "another pickle");
  const protocol = unpickle(head, magic.end, plain);
  if (protocol.value !== PROTOCOL) damaged(path, `protocol ${PROTOCOL}`, String(protocol.value));
  const system = unpickle(head, protocol.end, plain);
  if (!(system.value instanceof Map) || system.value.get("little_endian") !== true)
    damaged(path, "little-endian weights", "others");
  const { tensors, storages, end } = readStateDict(head, system.end, path);
  const keys = unpickle(head, end, plain);
  if (!Array.isArray(keys.value)) return damaged(path, "a list of storages", "something else");
  const sources = new Map<string, ByteSource>();
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const storage = storages.get(key as string);
    const count = new DataView((await file.read(at, 8)).buffer).getBigInt64(0, true);
    if (storage === undefined || count !== BigInt(storage.count))
      return damaged(`${path}, byte ${at}`, `storage ${key} with ${storage?.count ?? "no"} elements`, String(count));
    sources.set(storage.key, partOf(file, at + 8, storage.bytes, `${path}, storage ${storage.key}`));
    at += 8 + storage.bytes;
  }
  const bytesOf = ({ key }: Storage): ByteSource => sources.get(key) ?? damaged(path, `a storage ${key}`, "none");
  return readerOf(path, storedTensors(tensors, bytesOf, path), file.close);
}
