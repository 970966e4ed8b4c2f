/** How every command reads data: all that `readDataset` can read, under the same names. */

import { z } from "zod";
import { given } from "../base/given.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { type ReadOptions, readOptions } from "../data/dataset/node/read-options.js";
import { FORMATS } from "../data/format/node/registry.js";

const {
  text,
  textPair,
  label,
  labelSeparator,
  target,
  labels,
  columns,
  config,
  revision,
  cacheDir,
  offline,
  ...others
} = readOptions.shape;
// A token on a command line stands in the shell's history, and an address of a hub is the environment's.
const { token, endpoint, onDownload, signal, ...fileFields } = others;

/** Where downloads come from. */
export const downloadFields = { cacheDir, offline } as const;

/** A data set of the hub, under names of their own: models have revisions too, and commands configuration files. */
const hubFields = { dataConfig: config, dataRevision: revision } as const;

/** Which texts, and how their file is written. */
export const textFields = { text, textPair, ...fileFields, ...hubFields } as const;

/** {@link textFields} and the labels. */
export const labelledFields = { text, textPair, label, labelSeparator, target, ...fileFields, ...hubFields } as const;

/** {@link labelledFields} and which classes there are. */
export const trainingDataFields = { ...labelledFields, labels } as const;

/** {@link trainingDataFields} and what a look at data needs besides. */
export const sourceFields = { ...trainingDataFields, columns, ...downloadFields } as const;

/** A look at part of the data. */
export const sampleFields = {
  sample: z.number().int().positive().optional().describe("draw so many of the rows"),
} as const;

type SourceValues = Partial<z.output<z.ZodObject<typeof sourceFields>>>;

/** The values of {@link sourceFields}, or of some of them, as `readDataset` takes them. */
export function sourceOptions(values: SourceValues): ReadOptions {
  const names = Object.keys(sourceFields).filter((name) => name in readOptions.shape) as (keyof ReadOptions &
    keyof SourceValues)[];
  const chosen = Object.fromEntries(names.map((name) => [name, values[name]]));
  return given({ ...chosen, config: values.dataConfig, revision: values.dataRevision });
}

/** What a user should know of how `dataset` was read, rows that were refused among it. */
export function readingNotices(dataset: Dataset): string[] {
  return [...dataset.notices, ...dataset.badRows.map(({ where, reason }) => `${where}: ${reason}`)];
}

/** The argument that names data. */
export const dataArgument = {
  name: "data",
  many: true,
  description: `file (${FORMATS.map(({ title }) => title).join(", ")}; also packed), folder of class folders, pattern, http(s):// address, hf://owner/name, or postgres:// address; several are read as one`,
  field: z.union([z.string(), z.array(z.string())]),
} as const;
