/**
 * Keras' files of weights: `.weights.h5` (HDF5), and `.keras`, a zip archive with one of these and the configuration.
 * KerasHub's presets of a task have two: the encoder's in `model.weights.h5`, and the head's in `task.weights.h5`.
 *
 * @source keras/src/saving/saving_lib.py; keras_hub/src/models/task.py, save_task_weights
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { JsonObject } from "../conversions/conversion.js";
import { damaged, readerOf, type WeightReader } from "../weight-reader.js";
import { withBytes } from "./file-bytes.js";
import type { OpenedWeights } from "./format.js";
import { openHdf5 } from "./hdf5-file.js";
import type { Span } from "./hdf5-library.js";
import { zipEntries } from "./zip-entries.js";

const MODEL_WEIGHTS = "model.weights.h5";
const TASK_WEIGHTS = "task.weights.h5";
/** Before the names of a task's weights, which are numbered anew. */
const TASK_PREFIX = "task/";
/** A configuration names each layer once. */
const MAX_CONFIG_BYTES = 1 << 26;

/** Opens `X.weights.h5` or `X.keras`. @throws E_WEIGHTS for a file that is damaged */
export function openKeras(path: string): Promise<OpenedWeights> {
  return withBytes(path, async (file) => {
    if (!path.endsWith(".keras")) {
      const weights = await openSpan({ path, start: 0, size: file.size }, path);
      await file.close();
      const task = join(dirname(path), TASK_WEIGHTS);
      if (basename(path) !== MODEL_WEIGHTS || !existsSync(task)) return { weights };
      return { weights: both(weights, await openKeras(task).catch(closing(weights))) };
    }
    const entries = await zipEntries(file);
    const weights = entries.get(MODEL_WEIGHTS);
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

/** The weights of an encoder and, under names of their own, those of its task. */
function both(encoder: WeightReader, { weights: task }: OpenedWeights): WeightReader {
  const readerFor = (name: string): readonly [WeightReader, string] =>
    name.startsWith(TASK_PREFIX) ? [task, name.slice(TASK_PREFIX.length)] : [encoder, name];
  return {
    names: [...encoder.names, ...task.names.map((name) => `${TASK_PREFIX}${name}`)],
    shape(name) {
      const [reader, own] = readerFor(name);
      return reader.shape(own);
    },
    read(name) {
      const [reader, own] = readerFor(name);
      return reader.read(own);
    },
    async close() {
      await encoder.close();
      await task.close();
    },
  };
}

function closing(weights: WeightReader): (error: unknown) => Promise<never> {
  return async (error) => {
    await weights.close();
    throw error;
  };
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
