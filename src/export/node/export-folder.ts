/** Writes the folder that transformers.js, optimum and Textune read: config.json, the tokenizer, onnx/model….onnx. */
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { packageVersion } from "../../base/node/package-version.js";
import type { ModelDescription } from "../../checkpoints/checkpoint.js";
import { replaceFolder } from "../../checkpoints/node/replace-folder.js";
import { writeDescription } from "../../checkpoints/node/save-checkpoint.js";
import { type OnnxDtype, onnxPath } from "../../checkpoints/onnx-files.js";
import { EXPORT_DTYPES } from "../dtypes.js";
import type { ExportContent, ExportedFile, ExportFolderOptions } from "../export-content.js";
import { interchangeModel } from "../interchange-model.js";
import { LARGEST_FILE, writeOnnx } from "./write-onnx.js";

/**
 * Writes `content` as ONNX models, one for each dtype. A model folder of this name is replaced once the new one is whole.
 *
 * @throws E_STORE when it cannot be written, and what `check` throws
 */
export async function exportFolder(
  folder: string,
  content: ExportContent,
  { dtypes, operators, check, largestFile = LARGEST_FILE }: ExportFolderOptions,
): Promise<readonly ExportedFile[]> {
  const files: ExportedFile[] = [];
  await replaceFolder(folder, async (temporary) => {
    const external: string[] = [];
    for (const dtype of dtypes) {
      const metadata = { ...content.metadata, dtype, operators };
      const source = { ...content, metadata, producerVersion: packageVersion() };
      const model = EXPORT_DTYPES[dtype].convert(interchangeModel(source, operators), operators);
      const file = onnxPath(dtype);
      await mkdir(join(temporary, dirname(file)), { recursive: true });
      const written = await writeOnnx(join(temporary, file), model, largestFile);
      files.push({ dtype, file, bytes: written.bytes });
      if (written.external) external.push(basename(file));
    }
    await writeDescription(temporary, { ...content, config: withHints(content.config, dtypes, external) });
    await check(files.map((one) => ({ ...one, path: join(temporary, one.file) })));
  });
  return files;
}

/** What transformers.js has to be told: which model it opens by default, and which have their tensors in another file. */
function withHints(
  config: ModelDescription["config"],
  dtypes: readonly OnnxDtype[],
  external: readonly string[],
): ModelDescription["config"] {
  const hints = {
    ...(dtypes.includes("fp32") ? {} : { dtype: dtypes[0] }),
    ...(external.length === 0
      ? {}
      : { use_external_data_format: Object.fromEntries(external.map((name) => [name, true])) }),
  };
  return Object.keys(hints).length === 0 ? config : { ...config, "transformers.js_config": hints };
}
