/** An ONNX model as a file, with its tensors in a file beside it where one would be too large. */
import { basename } from "node:path";
import { writeNewFile } from "../../checkpoints/node/replace-folder.js";
import { encodeMessage } from "../../onnx/wire.js";
import type { OnnxModel, OnnxTensor } from "../rewrite-model.js";

/** Bytes of tensors that one file holds: protobuf's readers take messages below 2 GiB, and names and nodes need room. */
export const LARGEST_FILE = 2_000_000_000;
/** Tensors of fewer bytes stay in the model: runtimes look at shapes and constants there. */
const SMALL_TENSOR = 1024;
/** Each tensor begins at a page of memory, so that a runtime can map the file. */
const PAGE = 4096;

/**
 * Writes `model` to `path`. Where its tensors have more than `largestFile` bytes they go to `PATH_data`, the name that
 * transformers.js and optimum give it.
 *
 * @returns the bytes of all that was written, and whether there is a second file
 * @source https://onnx.ai/onnx/repo-docs/ExternalData.html
 */
export async function writeOnnx(
  path: string,
  model: OnnxModel,
  largestFile: number,
): Promise<{ readonly bytes: number; readonly external: boolean }> {
  const { graph = {} } = model;
  const tensors = graph.initializer ?? [];
  const size = tensors.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
  if (size <= largestFile) {
    const bytes = encodeMessage("ModelProto", model);
    await writeNewFile(path, bytes);
    return { bytes: bytes.length, external: false };
  }
  const location = `${basename(path)}_data`;
  const pieces: Uint8Array[] = [];
  let offset = 0;
  const initializer = tensors.map((tensor): OnnxTensor => {
    const { rawData, ...header } = tensor;
    if (rawData === undefined || rawData.length < SMALL_TENSOR) return tensor;
    const entries = { location, offset: String(offset), length: String(rawData.length) };
    const padded = Math.ceil(rawData.length / PAGE) * PAGE;
    pieces.push(rawData, new Uint8Array(padded - rawData.length));
    offset += padded;
    return {
      ...header,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
      dataLocation: EXTERNAL,
    };
  });
  const bytes = encodeMessage("ModelProto", { ...model, graph: { ...graph, initializer } });
  await writeNewFile(path, bytes);
  await writeNewFile(`${path}_data`, pieces);
  return { bytes: bytes.length + offset, external: true };
}

/** TensorProto.DataLocation. */
const EXTERNAL = 1;
