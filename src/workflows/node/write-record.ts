/** Writes what is kept of a training beside its classifier. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { fail } from "../../base/errors.js";
import { packageVersion } from "../../base/node/package-version.js";
import { replaceFile } from "../../base/node/replace-file.js";
import { CARD_FILE, CONFIG_FILE, TRAINING_FILE } from "../../checkpoints/checkpoint.js";
import { EMBEDDED_HUB_ID, EMBEDDED_MODEL } from "../../checkpoints/node/embedded-model.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { detectLanguages } from "../../data/report/languages.js";
import { trainingOptions } from "../../training/options.js";
import { modelCard } from "../model-card.js";
import type { TrainingRecord } from "../training-record.js";

/** A language that fewer texts than this share are in is not said to be that of the data. */
const SURE_SHARE = 0.8;

/**
 * Writes `training.json` and the model card `README.md` into the folder of a classifier.
 *
 * @throws E_STORE where they cannot be written
 */
export async function writeRecord(folder: string, record: TrainingRecord, train: Dataset): Promise<void> {
  const config = JSON.parse(await readFile(join(folder, CONFIG_FILE), "utf8")) as {
    readonly architectures?: readonly string[];
  };
  const card = modelCard(record, {
    name: basename(resolve(folder)),
    baseModel: hubIdOf(record.model.source),
    language: await languageOf(train),
    pairs: train.hasPairs,
    isReadByPython: (config.architectures ?? []).some((name) => name.endsWith("ForSequenceClassification")),
    changed: changedOptions(record.options),
  });
  try {
    await write(join(folder, TRAINING_FILE), `${JSON.stringify(record, null, 1)}\n`);
    await write(join(folder, CARD_FILE), card);
  } catch (error) {
    fail(
      "E_STORE",
      {
        where: folder,
        expected: "to write the model card",
        got: error instanceof Error ? error.message : String(error),
        fix: "the classifier itself is written",
      },
      error,
    );
  }
}

/** What a training ran on. */
export function versionsNow(threads = availableParallelism()): TrainingRecord["versions"] {
  return {
    ...{ textune: packageVersion(), node: process.versions.node },
    machine: `${process.platform} ${process.arch}, ${threads} threads`,
  };
}

const write = (path: string, text: string): Promise<void> =>
  replaceFile(path, (temporary) => writeFile(temporary, text));

/** The id on the hub of the model that `source` names; undefined for a folder of somebody's disk. */
function hubIdOf(source: string): string | undefined {
  if (source === EMBEDDED_MODEL) return EMBEDDED_HUB_ID;
  return /^[\w-]+(?:\.[\w-]+)*\/[\w.-]+$/.test(source) && !existsSync(source) ? source : undefined;
}

async function languageOf(dataset: Dataset): Promise<string | undefined> {
  const { looked, shares } = await detectLanguages(dataset);
  const [first] = shares;
  return first !== undefined && first.language !== "?" && first.rows >= SURE_SHARE * looked
    ? first.language
    : undefined;
}

function changedOptions(options: TrainingRecord["options"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => {
      const field = trainingOptions.shape[name as keyof typeof trainingOptions.shape] as
        | (typeof trainingOptions.shape)[keyof typeof trainingOptions.shape]
        | undefined;
      return value !== undefined && JSON.stringify(field?.parse(undefined)) !== JSON.stringify(value);
    }),
  );
}
