/** Runs to TensorBoard's folders of event files, and back. */
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail } from "../../../base/errors.js";
import type { RunRow } from "../../queries/runs.js";
import type { Store } from "../../store/node/open-store.js";
import { decodeEvents, encodeEvent, scalarOf } from "../event-records.js";
import { type ImportedRun, importRun } from "../import-run.js";
import { pointsOf } from "../points.js";

/** Writes the points of a run to an event file in `folder`, which `tensorboard --logdir` shows. Returns its path. */
export async function writeTensorBoard(store: Store, run: RunRow, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const seconds = Math.floor(run.createdAt / 1000);
  const path = join(folder, `events.out.tfevents.${String(seconds).padStart(10, "0")}.${hostname()}.${run.id}.v2`);
  async function* records(): AsyncGenerator<Uint8Array> {
    yield encodeEvent({ wallTime: run.createdAt / 1000, fileVersion: "brain.Event:2" });
    for await (const points of pointsOf(store, run)) {
      yield Buffer.concat(
        points.map(({ metric, step, time, value }) =>
          encodeEvent({ wallTime: time / 1000, step, summary: { value: [{ tag: metric, simpleValue: value }] } }),
        ),
      );
    }
  }
  await pipeline(Readable.from(records()), createWriteStream(path));
  return path;
}

/**
 * Reads the event files below `path`, or the one there; those of a folder are one run, as TensorBoard has it.
 *
 * @returns the ids of the runs
 * @throws E_DATA where there is none, or one is damaged
 */
export async function readTensorBoard(store: Store, path: string, project: string): Promise<readonly string[]> {
  const files = await eventFiles(path);
  if (files.length === 0)
    fail("E_DATA", { where: path, expected: "event files of TensorBoard (…tfevents…)", got: "none" });
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  const ids: string[] = [];
  for (const [folder, own] of folders) {
    const metrics = new Map<string, { step: number; time: number; value: number }[]>();
    for (const file of own) {
      for (const { step = 0, wallTime = 0, summary } of decodeEvents(await readFile(file), file)) {
        for (const one of summary?.value ?? []) {
          const value = scalarOf(one);
          if (value === undefined || one.tag === undefined) continue;
          const points = metrics.get(one.tag) ?? [];
          if (points.length === 0) metrics.set(one.tag, points);
          points.push({ step, time: 1000 * wallTime, value });
        }
      }
    }
    const inside = relative(path, folder);
    const run: ImportedRun = { project, name: inside === "" ? basename(folder) : inside, source: folder, metrics };
    ids.push(await importRun(store, run));
  }
  return ids;
}

async function eventFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) =>
    fail("E_DATA", { where: path, expected: "a folder or a file", got: "none" }, error),
  );
  if (found.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.includes("tfevents"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
