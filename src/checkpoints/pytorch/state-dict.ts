/**
 * The tensors that a pickle of PyTorch describes. A tensor is a window on a storage: an offset, a shape and strides.
 *
 * @source torch/_utils.py _rebuild_tensor_v2; torch/_weights_only_unpickler.py for what a file of weights may name
 */
import { fail } from "../../base/errors.js";
import { assertInside, type ByteSource } from "../byte-source.js";
import {
  countOf,
  damaged,
  decodeFloats,
  FLOAT_BYTES,
  type FloatType,
  notFloats,
  type StoredTensor,
} from "../weight-reader.js";
import { type Allowed, type UnpickleOptions, unpickle } from "./unpickle.js";

/** Bytes of an element and, of floats, their type, by the names of PyTorch's storages. */
const STORAGES: Readonly<Record<string, { readonly bytes: number; readonly type?: FloatType }>> = {
  FloatStorage: { bytes: 4, type: "float32" },
  HalfStorage: { bytes: 2, type: "float16" },
  BFloat16Storage: { bytes: 2, type: "bfloat16" },
  DoubleStorage: { bytes: 8, type: "float64" },
  LongStorage: { bytes: 8 },
  IntStorage: { bytes: 4 },
  ShortStorage: { bytes: 2 },
  CharStorage: { bytes: 1 },
  ByteStorage: { bytes: 1 },
  BoolStorage: { bytes: 1 },
};

/** What holds a tensor's elements: `count` of them under `key`. */
export interface Storage {
  readonly key: string;
  readonly kind: string;
  readonly bytes: number;
  readonly count: number;
}

interface Tensor {
  readonly storage: Storage;
  /** In elements of the storage. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** What the pickle of a checkpoint says. */
interface StateDict {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** All storages that it refers to, by key. */
  readonly storages: ReadonlyMap<string, Storage>;
  /** The byte after it. */
  readonly end: number;
}

/**
 * The pickle of a checkpoint, which starts at byte `start`.
 *
 * @throws E_WEIGHTS for anything but tensors and plain containers, and for tensors that reach beyond their storages
 */
export function readStateDict(bytes: Uint8Array, start: number, path: string): StateDict {
  const storages = new Map<string, Storage>();
  const { value, end } = unpickle(bytes, start, tensorPickle(path, storages));
  return { tensors: namedTensors(value, path), storages, end };
}

/** What a pickle of tensors may name. */
function tensorPickle(path: string, storages: Map<string, Storage>): UnpickleOptions {
  const allowed: Record<string, Allowed["call"]> = {
    "collections OrderedDict": () => new Map(),
    "torch Size": ([sizes]) => sizes,
    "torch._utils _rebuild_tensor": ([storage, offset, shape, strides]) => tensor(storage, offset, shape, strides),
    "torch._utils _rebuild_tensor_v2": ([storage, offset, shape, strides]) => tensor(storage, offset, shape, strides),
    "torch._utils _rebuild_parameter": ([data]) => data,
  };
  const tensor = (storage: unknown, offset: unknown, shape: unknown, strides: unknown): Tensor => {
    const lists = Array.isArray(shape) && Array.isArray(strides) && shape.length === strides.length;
    if (!isStorage(storage) || !lists || countOf([offset, ...shape, ...strides]) === undefined)
      damaged(path, "a storage, an offset, a shape and strides for each tensor", "something else");
    const made = { storage, offset: offset as number, shape: shape as number[], strides: strides as number[] };
    const count = countOf(made.shape) as number;
    const reach = count === 0 ? 0 : made.offset + 1 + sum(made.shape.map((dim, i) => (dim - 1) * made.strides[i]));
    // A tensor that repeats its elements (stride 0) could claim any size.
    if (reach > storage.count || count > storage.count)
      damaged(path, `tensors within their storages (${storage.count} elements)`, `one of shape [${shape}] beyond`);
    return made;
  };
  const globals = new Map<string, Allowed>();
  for (const [name, call] of Object.entries(allowed)) globals.set(name, { name, ...(call && { call }) });
  for (const kind of Object.keys(STORAGES)) globals.set(`torch ${kind}`, { name: kind });
  return {
    path,
    globals,
    persistent: (id) => {
      const [tag, kind, key, , count, window] = Array.isArray(id) ? id : [];
      const name = (kind as Allowed | undefined)?.name ?? "";
      const known = Object.hasOwn(STORAGES, name) && typeof key === "string" && countOf([count]) !== undefined;
      if (tag !== "storage" || !known || (window !== undefined && window !== null))
        damaged(path, "a reference to a storage", "another one");
      const storage = { key, kind: name, bytes: (count as number) * (STORAGES[name]?.bytes ?? 0), count } as Storage;
      const before = storages.get(storage.key);
      if (before !== undefined && before.bytes !== storage.bytes)
        damaged(path, `one size of the storage "${storage.key}"`, `${before.bytes} and ${storage.bytes} bytes`);
      storages.set(storage.key, storage);
      return storage;
    },
    refuse: (name) =>
      fail("E_WEIGHTS", {
        where: path,
        expected: "tensors and plain containers only",
        got: `"${name}", which reading the file in Python would run`,
        fix: "convert the model with transformers' save_pretrained, if you trust where it comes from",
      }),
  };
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "strides" in value;
}

function isStorage(value: unknown): value is Storage {
  return typeof value === "object" && value !== null && "key" in value && "count" in value && "kind" in value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A checkpoint is a dictionary of tensors, or has one under the name that trainers give it. */
function namedTensors(value: unknown, path: string): Map<string, Tensor> {
  const isDictionary = (candidate: unknown): candidate is Map<unknown, unknown> => candidate instanceof Map;
  const inner = isDictionary(value)
    ? [value, value.get("state_dict"), value.get("model")].find(
        (candidate): candidate is Map<unknown, unknown> =>
          isDictionary(candidate) && [...candidate.values()].some(isTensor),
      )
    : undefined;
  const tensors = new Map<string, Tensor>();
  for (const [name, item] of inner ?? []) {
    if (typeof name === "string" && isTensor(item)) tensors.set(name, item);
  }
  if (tensors.size === 0) damaged(path, "a dictionary of tensors", "none");
  return tensors;
}

/** The tensors of a state dictionary whose storages are found by `bytesOf`. */
export function storedTensors(
  tensors: ReadonlyMap<string, Tensor>,
  bytesOf: (storage: Storage) => ByteSource,
  path: string,
): Map<string, StoredTensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const source = bytesOf(tensor.storage);
      assertInside(`${path}, weight "${name}"`, 0, tensor.storage.bytes, source.size);
      return [name, { shape: tensor.shape, read: () => readTensor(tensor, source, `${path}, weight "${name}"`) }];
    }),
  );
}

async function readTensor(tensor: Tensor, source: ByteSource, where: string): Promise<Float32Array> {
  const { storage, offset, shape, strides } = tensor;
  const type = STORAGES[storage.kind]?.type ?? notFloats(where, storage.kind);
  const size = FLOAT_BYTES[type];
  const count = countOf(shape) as number;
  const reach = count === 0 ? 0 : 1 + sum(shape.map((dim, i) => (dim - 1) * strides[i]));
  const values = decodeFloats(type, await source.read(offset * size, reach * size));
  if (isRowMajor(shape, strides)) return values;
  const ordered = new Float32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, from = 0; i < count; i++) {
    ordered[i] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return ordered;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}
