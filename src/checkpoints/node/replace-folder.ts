/** Puts a model folder in the place of another, whole or not at all. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fail, TextuneError } from "../../base/errors.js";
import { removeLeftovers } from "../../base/node/processes.js";
import {
  ADAPTER_CONFIG_FILE,
  ADAPTER_WEIGHTS_FILE,
  CARD_FILE,
  CONFIG_FILE,
  ONNX_FOLDER,
  TOKENIZER_FILES,
  TRAINING_FILE,
  WEIGHT_FILES,
  WEIGHT_SHARD,
} from "../checkpoint.js";

/**
 * Has `write` fill a folder of a temporary name beside `folder` (`.NAME.saving-PID-…`), then renames it. A model folder
 * that is there already is moved aside first and removed last, so that one of the two is whole at any time, and on the
 * disk, should the power fail. What saves of killed processes left beside it is removed. Where `write` throws, nothing is
 * left and nothing is replaced.
 *
 * @param write writes files and brings them to the disk
 * @throws E_STORE when the place cannot be written, or holds files that are no model
 */
export async function replaceFolder(folder: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const target = await realpath(folder).catch(() => resolve(folder));
  await assertReplaceable(target);
  let temporary: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    await removeOldSaves(target);
    temporary = join(dirname(target), `.${basename(target)}.saving-${process.pid}-${randomUUID()}`);
    await mkdir(temporary);
    await write(temporary);
    await syncFolder(temporary);
    await publish(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    // What stopped `write` is said as it is, unless it is the disk.
    if (error instanceof TextuneError || code === undefined) throw error;
    fail(
      "E_STORE",
      {
        where: folder,
        expected: "a place to write the classifier",
        got: REASONS[code] ?? message,
        fix: "nothing was written: choose another folder or make room",
      },
      error,
    );
  }
}

/** Removes what saves of this folder left whose processes are gone; the model that one moved aside only where another stands. */
async function removeOldSaves(target: string): Promise<void> {
  const name = `^\\.${basename(target).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\.saving-(\\d+)-[0-9a-f-]+`;
  await removeLeftovers(dirname(target), new RegExp(`${name}$`));
  if (existsSync(join(target, CONFIG_FILE))) await removeLeftovers(dirname(target), new RegExp(`${name}\\.old$`));
}

/** Writes a new file, of several pieces one after the other; it is on the disk when the promise resolves. */
export async function writeNewFile(path: string, text: string | Uint8Array | readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (const piece of typeof text === "string" || text instanceof Uint8Array ? [text] : text)
      await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the names in `folder` to the disk. Windows does that by itself, and opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const file = await open(folder, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Saves of the same folder at the same time that one save lets pass before it gives up. */
const MAX_CONFLICTS = 100;

/** Gives the folder `temporary` the name `target`; what had the name goes once the new folder stands. */
async function publish(temporary: string, target: string): Promise<void> {
  const aside = `${temporary}.old`;
  for (let conflicts = 0; ; conflicts++) {
    await assertReplaceable(target);
    const moved = await renameIfThere(target, aside);
    try {
      await rename(temporary, target);
      break;
    } catch (error) {
      const taken = ["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!taken || conflicts === MAX_CONFLICTS) {
        if (moved) await rename(aside, target);
        throw error;
      }
      // Another save took the name in between. Its folder is whole, and is replaced in its turn.
      await rm(aside, { recursive: true, force: true });
    }
  }
  await syncFolder(dirname(target));
  // The save is complete, whether or not the old files can be removed.
  await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "a full disk",
  EACCES: "no permission to write",
  EPERM: "no permission to write",
  EROFS: "a read-only file system",
  ENOTDIR: "a file where a folder should be",
  EEXIST: "a file of this name",
};

/** The files of a classifier. */
const MODEL_FILES = new Set<string>([
  CONFIG_FILE,
  ...TOKENIZER_FILES,
  ...WEIGHT_FILES,
  ADAPTER_CONFIG_FILE,
  ADAPTER_WEIGHTS_FILE,
  "added_tokens.json",
  TRAINING_FILE,
]);

function isModelFile(name: string, files: readonly string[], exported: readonly string[]): boolean {
  // A card that a training wrote is written anew; any other is somebody's work.
  if (name === CARD_FILE) return files.includes(TRAINING_FILE);
  if (name === ONNX_FOLDER) return exported.every((file) => file.endsWith(".onnx"));
  return MODEL_FILES.has(name) || WEIGHT_SHARD.test(name);
}

/**
 * Makes sure that a save may take the place of what stands at `path`: nothing, an empty folder, or a model folder
 * without anything else that would be lost.
 *
 * @throws E_STORE for anything else
 */
export async function assertReplaceable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const files = found.isDirectory() ? await readdir(path).catch(() => []) : undefined;
  if (files?.length === 0) return;
  const isModel =
    files?.includes(CONFIG_FILE) &&
    [...WEIGHT_FILES, ADAPTER_WEIGHTS_FILE, ONNX_FOLDER].some((name) => files.includes(name));
  const exported = files?.includes(ONNX_FOLDER) ? await readdir(join(path, ONNX_FOLDER)).catch(() => ["?"]) : [];
  const others = files?.filter((name) => !(isModel && isModelFile(name, files, exported)));
  if (others?.length === 0) return;
  fail("E_STORE", {
    where: path,
    expected: "a new folder, or one with nothing but a model, to be replaced",
    got: others === undefined ? "a file" : `a folder with other files (${others.slice(0, 3).join(", ")})`,
    fix: "choose another folder",
  });
}
