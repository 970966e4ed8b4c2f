/** The options of an export, for the API and the command line. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { ONNX_DTYPES, type OnnxDtype } from "../checkpoints/onnx-files.js";
import { EXPORT_DTYPES } from "./dtypes.js";
import { OPERATOR_SETS } from "./interchange-model.js";

const dtypes = ONNX_DTYPES.map((name) => `${name}: ${EXPORT_DTYPES[name].summary}`).join("; ");

export const exportOptions = z.strictObject({
  dtype: z
    .union([z.string(), z.array(z.string())])
    .default("fp32,q8")
    .describe(`number formats to write, separated by commas. ${dtypes}`),
  operators: z
    .enum(OPERATOR_SETS)
    .default("standard")
    .describe("operators of the ONNX standard alone, for every reader, or also those that onnxruntime adds"),
  license: z.string().optional().describe("license that the files name; by default the model's, where it says one"),
  maxDrop: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe("how much accuracy or macro F1 may drop in the check before the export is refused"),
});

/** The names in `dtype`. @throws E_CONFIG for one that does not exist */
export function parseDtypes(dtype: string | readonly string[]): OnnxDtype[] {
  const names = [dtype].flat().flatMap((one) => one.split(","));
  const chosen = names.map((name) => name.trim()).filter((name) => name !== "");
  const wrong = chosen.find((name) => !(name in EXPORT_DTYPES));
  if (wrong !== undefined || chosen.length === 0) {
    fail("E_CONFIG", {
      option: "dtype",
      expected: ONNX_DTYPES.join(", "),
      got: wrong === undefined ? "none" : `"${wrong}"`,
      ...(wrong === undefined ? {} : { fix: didYouMean(wrong, ONNX_DTYPES) }),
    });
  }
  return [...new Set(chosen as OnnxDtype[])];
}
