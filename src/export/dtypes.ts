/** The numbers that exported weights can be written in, under transformers.js' names. */
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import { convertToFloat16 } from "./float16.js";
import { quantizeToInt4 } from "./int4.js";
import { quantizeToInt8 } from "./int8.js";
import type { OperatorSet } from "./interchange-model.js";
import type { OnnxModel } from "./rewrite-model.js";

interface ExportDtype {
  readonly summary: string;
  /** The float32 model in these numbers. */
  readonly convert: (model: OnnxModel, operators: OperatorSet) => OnnxModel;
}

export const EXPORT_DTYPES: Readonly<Record<OnnxDtype, ExportDtype>> = {
  fp32: { summary: "float32, as trained", convert: (model) => model },
  q8: {
    summary: "8-bit integers: a quarter of the size, the fastest on processors",
    convert: (model) => quantizeToInt8(model, "int8"),
  },
  int8: { summary: "the same as q8", convert: (model) => quantizeToInt8(model, "int8") },
  uint8: {
    summary: "unsigned 8-bit integers: exact sums on processors without VNNI too",
    convert: (model) => quantizeToInt8(model, "uint8"),
  },
  fp16: { summary: "16-bit floats: half the size, made for GPUs", convert: convertToFloat16 },
  q4: { summary: "4-bit integers in blocks of 32, tables in 8 bits: the smallest", convert: quantizeToInt4 },
  q4f16: {
    summary: "as q4, with 16-bit floats for the rest: made for GPUs",
    convert: (model, operators) => convertToFloat16(quantizeToInt4(model, operators)),
  },
};
