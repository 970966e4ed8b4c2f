/** Offline runs of W&B into the store. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Json, JsonObject } from "../../json.js";
import { toJson } from "../../logged-values.js";
import type { Store } from "../../store/node/open-store.js";
import { type ImportedRun, importRun } from "../import-run.js";
import { itemName, itemValue, type WandbItem, wandbRecords } from "../wandb-records.js";

/** The files of offline runs at or below `path`: those of a folder `wandb`, or of one run in it. */
export async function wandbFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return path.endsWith(".wandb") ? [path] : [];
  if (found === undefined) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".wandb"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Reads offline runs of W&B.
 *
 * @param project of the runs; by default each its own
 * @returns the ids of the runs
 * @throws E_DATA where a file is damaged, or holds no numbers
 */
export async function readWandb(store: Store, files: readonly string[], project?: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const file of files) ids.push(await importRun(store, runOf(await readFile(file), file, project)));
  return ids;
}

function runOf(bytes: Uint8Array, file: string, project: string | undefined): ImportedRun {
  const metrics = new Map<string, { step: number; time: number; value: number }[]>();
  const config: Record<string, Json> = {};
  const summary: Record<string, Json> = {};
  let facts: Partial<ImportedRun> = {};
  let exitCode = 0;
  for (const record of wandbRecords(bytes, file)) {
    put(record.config?.update, config);
    put(record.summary?.update, summary);
    exitCode = record.exit?.exitCode ?? exitCode;
    if (record.run !== undefined) {
      const {
        runId = basename(file),
        displayName = runId,
        group = "",
        jobType = "",
        notes = "",
        tags = [],
      } = record.run;
      facts = {
        name: displayName,
        group,
        jobType,
        notes,
        tags,
        ...(record.run.project === undefined ? {} : { project: record.run.project }),
      };
      put(record.run.config?.update, config);
    }
    if (record.history === undefined) continue;
    const items = new Map((record.history.items ?? []).map((item) => [itemName(item), itemValue(item)]));
    const step = Number(items.get("_step") ?? record.history.step?.num ?? 0);
    const time = 1000 * Number(items.get("_timestamp") ?? 0);
    for (const [name, value] of items) {
      if (name.startsWith("_") || typeof value !== "number") continue;
      const points = metrics.get(name) ?? [];
      if (points.length === 0) metrics.set(name, points);
      points.push({ step, time, value });
    }
  }
  return {
    ...{ name: basename(file, ".wandb"), project: "uncategorized", ...facts },
    ...(project === undefined ? {} : { project }),
    ...{ config: config as JsonObject, summary: summary as JsonObject, exitCode, source: file, metrics },
  };
}

/** Puts items in their place, but those that W&B keeps for itself. */
function put(items: readonly WandbItem[] | undefined, into: Record<string, Json>): void {
  for (const item of items ?? []) {
    const name = itemName(item);
    if (!name.startsWith("_")) into[name] = toJson(itemValue(item));
  }
}
