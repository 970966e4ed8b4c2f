/** Opens a folder that `textune export` or optimum wrote: config.json, a tokenizer, and ONNX models. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { CONFIG_FILE, ONNX_FOLDER, WEIGHT_FILES } from "../../checkpoints/checkpoint.js";
import { readDescription } from "../../checkpoints/node/model-folder.js";
import { ONNX_DTYPES, type OnnxDtype, onnxPath } from "../../checkpoints/onnx-files.js";
import { type ExportedModel, exportedModel } from "../exported-model.js";

/**
 * The ONNX model of `dtype` in `folder`; by default the first there of fp32, q8, int8, uint8, fp16, q4, q4f16. Undefined
 * where there is no such folder, and, where no dtype is asked for, if it holds weights too.
 *
 * @throws E_CONFIG for a dtype that the folder does not have, E_WEIGHTS and E_TOKENIZER for a damaged folder
 */
export async function openExported(folder: string, dtype?: OnnxDtype): Promise<ExportedModel | undefined> {
  if (!existsSync(join(folder, CONFIG_FILE))) return undefined;
  const there = ONNX_DTYPES.filter((name) => existsSync(join(folder, onnxPath(name))));
  const hasWeights = WEIGHTS.some((name) => existsSync(join(folder, name)));
  if (dtype === undefined && (there.length === 0 || hasWeights)) return undefined;
  const chosen = dtype ?? there[0];
  if (!there.includes(chosen)) {
    fail("E_CONFIG", {
      option: "dtype",
      expected:
        there.length === 0
          ? `ONNX models in ${join(folder, ONNX_FOLDER)}`
          : `one that ${folder} has: ${there.join(", ")}`,
      got: chosen,
      fix: "export the classifier with this dtype",
    });
  }
  return exportedModel(await readDescription(folder), join(folder, onnxPath(chosen)));
}

const WEIGHTS = [...WEIGHT_FILES, "pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5"];
