/** Writes the folder that transformers.js, optimum and Textune read: config.json, the tokenizer, onnx/model….onnx. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packageVersion } from "../../base/node/package-version.js";
import type { ModelDescription } from "../../checkpoints/checkpoint.js";
import { replaceFolder, writeNewFile } from "../../checkpoints/node/replace-folder.js";
import { writeDescription } from "../../checkpoints/node/save-checkpoint.js";
import { type OnnxDtype, onnxPath } from "../../checkpoints/onnx-files.js";
import { encodeMessage } from "../../onnx/wire.js";
import { EXPORT_DTYPES } from "../dtypes.js";
import type { ExportContent, ExportedFile, ExportFolderOptions } from "../export-content.js";
import { interchangeModel } from "../interchange-model.js";

/**
 * Writes `content` as ONNX models, one for each dtype. A model folder of this name is replaced once the new one is whole.
 *
 * @throws E_STORE when it cannot be written, and what `check` throws
 */
export async function exportFolder(
  folder: string,
  content: ExportContent,
  { dtypes, operators, check }: ExportFolderOptions,
): Promise<readonly ExportedFile[]> {
  const files: ExportedFile[] = [];
  await replaceFolder(folder, async (temporary) => {
    await writeDescription(temporary, { ...content, config: withDefaultDtype(content.config, dtypes) });
    for (const dtype of dtypes) {
      const metadata = { ...content.metadata, dtype, operators };
      const source = { ...content, metadata, producerVersion: packageVersion() };
      const model = EXPORT_DTYPES[dtype].convert(interchangeModel(source, operators), operators);
      const file = onnxPath(dtype);
      await mkdir(join(temporary, dirname(file)), { recursive: true });
      const bytes = encodeMessage("ModelProto", model);
      await writeNewFile(join(temporary, file), bytes);
      files.push({ dtype, file, bytes: bytes.length });
    }
    await check(files.map((one) => ({ ...one, path: join(temporary, one.file) })));
  });
  return files;
}

/** Where there is no model in float32, transformers.js is told which one to open by default. */
function withDefaultDtype(
  config: ModelDescription["config"],
  dtypes: readonly OnnxDtype[],
): ModelDescription["config"] {
  return dtypes.includes("fp32") ? config : { ...config, "transformers.js_config": { dtype: dtypes[0] } };
}
