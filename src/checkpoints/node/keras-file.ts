/**
 * Keras' files of weights: `.weights.h5` (HDF5), and `.keras`, a zip archive with one of these and the configuration.
 *
 * @source keras/src/saving/saving_lib.py
 */
import type { JsonObject } from "../conversions/conversion.js";
import { damaged, readerOf } from "../weight-reader.js";
import { withBytes } from "./file-bytes.js";
import type { OpenedWeights } from "./format.js";
import { openHdf5 } from "./hdf5-file.js";
import type { Span } from "./hdf5-library.js";
import { zipEntries } from "./zip-entries.js";

/** A configuration names each layer once. */
const MAX_CONFIG_BYTES = 1 << 26;

/** Opens `X.weights.h5` or `X.keras`. @throws E_WEIGHTS for a file that is damaged */
export function openKeras(path: string): Promise<OpenedWeights> {
  return withBytes(path, async (file) => {
    if (!path.endsWith(".keras")) {
      const weights = await openSpan({ path, start: 0, size: file.size }, path);
      await file.close();
      return { weights };
    }
    const entries = await zipEntries(file);
    const weights = entries.get("model.weights.h5");
    const config = entries.get("config.json");
    if (weights === undefined || config === undefined || config.size > MAX_CONFIG_BYTES)
      return damaged(
        path,
        "model.weights.h5 and config.json in the archive",
        [...entries.keys()].slice(0, 5).join(", "),
      );
    const text = new TextDecoder().decode(await config.read(0, config.size));
    const parsed = parseObject(text) ?? damaged(config.path, "a JSON object", "something else");
    await file.close();
    return {
      weights: await openSpan({ path, start: weights.start, size: weights.size }, weights.path),
      config: parsed,
    };
  });
}

async function openSpan(span: Span, where: string) {
  const { tensors, close } = await openHdf5(span, where);
  return readerOf(where, tensors, close);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
