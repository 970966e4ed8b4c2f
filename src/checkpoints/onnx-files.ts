/** Where an exported model folder has its ONNX models, by the number formats that transformers.js names. */
import { ONNX_FOLDER } from "./checkpoint.js";

/**
 * The file in the folder `onnx` for each dtype, in the order in which one is chosen where none is asked for.
 *
 * @source transformers.js src/utils/dtypes.js DEFAULT_DTYPE_SUFFIX_MAPPING
 */
export const ONNX_FILES = {
  fp32: "model.onnx",
  q8: "model_quantized.onnx",
  int8: "model_int8.onnx",
  uint8: "model_uint8.onnx",
  fp16: "model_fp16.onnx",
  q4: "model_q4.onnx",
  q4f16: "model_q4f16.onnx",
} as const;

/** The number format of an ONNX model. */
export type OnnxDtype = keyof typeof ONNX_FILES;

export const ONNX_DTYPES = Object.keys(ONNX_FILES) as OnnxDtype[];

/** The path of the model of `dtype` below an exported folder. */
export function onnxPath(dtype: OnnxDtype): string {
  return `${ONNX_FOLDER}/${ONNX_FILES[dtype]}`;
}
