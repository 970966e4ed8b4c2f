/** What of a run can be corrected and trained once more: its data, its classifier, the place of the next one. */
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Dataset } from "../../data/dataset/dataset.js";
import { Problem } from "../../http/problem.js";
import type { RunDetails } from "../../tracking/queries/runs.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import { insideFolder } from "./inside-folder.js";
import { whyUnread } from "./recorded-data.js";
import { outputOf, runsByOutput } from "./recorded-outputs.js";
import { filesOf } from "./recorded-parts.js";

/** The files that a run was trained on, in the folder of the Studio. @throws Problem with the reason where they are not */
export async function dataFilesOf(run: RunDetails, folder: string): Promise<[string, ...string[]]> {
  const why = whyUnread({ ...run, parts: [] });
  if (why !== undefined) throw new Problem(400, why);
  const whole = await realpath(folder);
  const inside = async (file: string): Promise<string> => {
    if (!existsSync(file))
      throw new Problem(400, `data: expected the name of a file, got ${file}; of a pattern no labels are corrected`);
    const path = await insideFolder(folder, file).catch(() => undefined);
    // What is written stands beside it: outside, for the folder itself.
    if (path === undefined || path === whole)
      throw new Problem(
        400,
        `data: expected a file in the folder of the Studio, got ${file}; start it where the file is`,
      );
    return path;
  };
  return (await Promise.all(filesOf(run).map(inside))) as [string, ...string[]];
}

/** The classifier of a run, as the models to try are named, or why there is none. */
export async function modelOf(
  run: RunDetails,
  store: Store,
  folder: string,
): Promise<{ readonly model: string } | { readonly why: string }> {
  const made = run.artifacts.find(({ type, how }) => type === "model" && how === "made");
  if (made !== undefined) return { model: `artifact:${run.project}/${made.name}:${made.version}` };
  const output = outputOf(run.environment);
  if (output === undefined || !existsSync(join(output, "config.json")))
    return { why: "The classifier of this run is not there any more: its nearest texts cannot be found." };
  const path = await insideFolder(folder, output).catch(() => undefined);
  if (path === undefined) return { why: "The classifier of this run stands outside the folder of the Studio." };
  const newest = (await runsByOutput(store)).get(output);
  if (newest !== run.id) return { why: `Its folder holds the classifier of a newer run, ${newest}.` };
  return { model: `folder:${relative(await realpath(folder), path)}` };
}

/** What has changed since the run. @param train the rows to train on, read again */
export function noticesOf({ environment }: RunDetails, train: Dataset): string[] {
  const { train: recorded } = (environment.data ?? {}) as { readonly train?: { readonly rows?: unknown } };
  if (typeof recorded?.rows !== "number" || recorded.rows === train.length) return [];
  return [
    `The file has changed since: the run had ${recorded.rows} rows to train on, and now there are ${train.length}.`,
  ];
}

/** "models/tickets" is followed by "models/tickets-corrected", and that by "models/tickets-corrected-2". */
export function nextOutput({ environment }: RunDetails, folder: string): string {
  const output = relative(folder, outputOf(environment) ?? join(folder, "classifier")).replace(
    /-corrected(-\d+)?$/,
    "",
  );
  const base = `${output.startsWith("..") ? basename(output) : output}-corrected`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!existsSync(join(folder, name))) return name;
  }
}
