/** ONNX models as weights: what an encoder was exported with is what it is trained on from. */
import { dirname, join } from "node:path";
import { fail } from "../../base/errors.js";
import { type ByteSource, partOf } from "../byte-source.js";
import { parameterNames } from "../onnx/parameter-names.js";
import { type Initializer, scanModel } from "../onnx/scan.js";
import {
  countOf,
  damaged,
  decodeFloats,
  FLOAT_BYTES,
  type FloatType,
  notFloats,
  readerOf,
  type StoredTensor,
  transposed,
  type WeightReader,
} from "../weight-reader.js";
import { type OpenFile, openBytes, withBytes } from "./file-bytes.js";

/** ONNX's numbers of floats. @source onnx.proto, TensorProto.DataType */
const FLOATS: Readonly<Record<number, FloatType>> = { 1: "float32", 10: "float16", 11: "float64", 16: "bfloat16" };
/** ONNX Runtime's quantizer and others end the names of 8-bit weights so. */
const QUANTIZED = /_quantized$|_q4$|_Q4$/;

/** Opens `X.onnx`, with its values in it or in files beside it. @throws E_WEIGHTS for a file that is damaged or quantized */
export function openOnnx(path: string): Promise<WeightReader> {
  return withBytes(path, async (file) => {
    const model = await scanModel(file);
    const quantized = model.initializers.find(({ name }) => QUANTIZED.test(name));
    if (quantized !== undefined) {
      fail("E_WEIGHTS", {
        where: path,
        expected: "weights in float32 or float16",
        got: `quantized ones ("${quantized.name}")`,
        fix: "take the model that was not quantized",
      });
    }
    const others = new Map<string, OpenFile>();
    const close = async (): Promise<void> => {
      for (const other of others.values()) await other.close();
      await file.close();
    };
    try {
      const weights = new Map<string, Initializer & { readonly bytes: ByteSource }>();
      for (const initializer of model.initializers) {
        if (FLOATS[initializer.dataType] === undefined) continue;
        weights.set(initializer.name, { ...initializer, bytes: await valuesOf(initializer, file, others) });
      }
      const tensors = new Map<string, StoredTensor>();
      for (const { name, stored, transposed: turned, isZero } of parameterNames(model)) {
        const weight = weights.get(stored);
        if (weight === undefined) continue;
        if (tensors.has(name))
          damaged(
            path,
            `one weight for "${name}"`,
            `"${stored}" and another: layers with equal biases are not told apart`,
          );
        const read = () => readValues(weight);
        const [rows, columns] = weight.dims;
        if (isZero && columns > 0) tensors.set(name, { shape: [rows], read: async () => new Float32Array(rows) });
        else if (turned && weight.dims.length === 2)
          tensors.set(name, { shape: [columns, rows], read: async () => transposed(await read(), rows, columns) });
        else tensors.set(name, { shape: weight.dims, read });
      }
      return readerOf(path, tensors, close);
    } catch (error) {
      for (const other of others.values()) await other.close();
      throw error;
    }
  });
}

async function readValues({
  name,
  dataType,
  bytes,
}: Initializer & { readonly bytes: ByteSource }): Promise<Float32Array> {
  const type = FLOATS[dataType] ?? notFloats(`${bytes.path}, weight "${name}"`, `type ${dataType}`);
  return decodeFloats(type, await bytes.read(0, bytes.size));
}

/** Where the values of a weight stand, compared with its shape. */
async function valuesOf(
  { name, dims, dataType, place, external }: Initializer,
  file: OpenFile,
  others: Map<string, OpenFile>,
): Promise<ByteSource> {
  const where = `${file.path}, weight "${name}"`;
  const count = countOf(dims);
  const expected = (count ?? Number.NaN) * FLOAT_BYTES[FLOATS[dataType] as FloatType];
  if (external === undefined) {
    if ((place?.length ?? 0) !== expected) damaged(where, `${expected} bytes of values`, `${place?.length ?? 0}`);
    return partOf(file, place?.start ?? 0, expected, where);
  }
  const { location = "", offset = "0", length = String(expected) } = external;
  // The format allows folders; no exporter makes any, and none may lead out.
  if (!/^[\w.-]+$/.test(location) || location.startsWith("."))
    damaged(where, "values in a file beside the model", JSON.stringify(location));
  if (Number(length) !== expected) damaged(where, `${expected} bytes of values`, length);
  const other = others.get(location) ?? (await openBytes(join(dirname(file.path), location)));
  others.set(location, other);
  return partOf(other, Number(offset), expected, `${other.path}, weight "${name}"`);
}
