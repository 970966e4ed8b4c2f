/** The files that scripts/golden/weight_formats.py made, as model folders. */
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goldenCheckpoints } from "./golden-checkpoints.js";

const GOLDEN = fileURLToPath(new URL("../golden/weight-formats/", import.meta.url));

/**
 * Copies the files of a format to `folder`. With `ofHuggingFace` the configuration and the tokenizer come along that
 * such a file has beside it on the hub.
 */
export async function writeFormat(name: string, folder: string, ofHuggingFace: boolean): Promise<void> {
  await cp(join(GOLDEN, name), folder, { recursive: true });
  if (!ofHuggingFace) return;
  const config = goldenCheckpoints.variants.find((variant) => variant.name === "float32")?.files["config.json"];
  for (const [file, content] of Object.entries({ ...goldenCheckpoints.tokenizerFiles, "config.json": config ?? "" }))
    await writeFile(join(folder, file), Buffer.from(content, "base64"));
}
