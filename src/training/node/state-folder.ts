/**
 * The states of a training in a folder: `checkpoint-STEP.safetensors`, a file each.
 *
 * A file is written under another name, brought to disk and renamed, so that what has the name of a checkpoint is
 * whole, whenever the process or the machine stops. Its checksum tells one that was damaged later.
 */
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { fail, TextuneError } from "../../base/errors.js";
import { removeLeftovers } from "../../base/node/processes.js";
import { syncFolder } from "../../base/node/sync-folder.js";
import type { StateStore } from "../training-state.js";
import { lockFolder } from "./folder-lock.js";
import { readStateFile, writeStateFile } from "./state-file.js";

const CHECKPOINT = /^checkpoint-(\d+)\.safetensors$/;
const LEFTOVER = /^\.checkpoint-\d+\.(\d+)\.part$/;

/**
 * Opens `folder`, which is made where it is not there, for one training; the newest `limit` states are kept.
 *
 * @throws E_STORE when nothing can be written there, and while another training is at work in it
 */
export async function openStateFolder(folder: string, limit: number): Promise<StateStore> {
  const unlock = await mkdir(folder, { recursive: true })
    .then(() => lockFolder(folder))
    .catch((error: unknown) => cannotWrite(folder, "choose a folder that you may write to", error));
  await removeLeftovers(folder, LEFTOVER);

  const stepsThere = async (): Promise<number[]> =>
    (await readdir(folder))
      .flatMap((name) => CHECKPOINT.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  const pathOf = (step: number): string => join(folder, `checkpoint-${step}.safetensors`);

  return {
    async save(state) {
      const temporary = join(folder, `.checkpoint-${state.step}.${process.pid}.part`);
      try {
        await rm(temporary, { force: true });
        await writeStateFile(temporary, state);
        await rename(temporary, pathOf(state.step));
        await syncFolder(folder);
        for (const step of (await stepsThere()).slice(limit)) await rm(pathOf(step), { force: true });
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        cannotWrite(pathOf(state.step), "make room", error);
      }
    },
    async latest(onDamaged) {
      for (const step of await stepsThere()) {
        try {
          return await readStateFile(pathOf(step));
        } catch (error) {
          if (!(error instanceof TextuneError)) throw error;
          onDamaged(`checkpoint-${step} is left out: ${error.message}`);
        }
      }
      return undefined;
    },
    async clear() {
      for (const step of await stepsThere()) await rm(pathOf(step), { force: true });
    },
    async close() {
      await unlock();
      // Only an empty one goes.
      await rmdir(folder).catch(() => undefined);
    },
  };
}

/** Whether `folder` has a state to go on from. */
export async function hasState(folder: string): Promise<boolean> {
  return (await readdir(folder).catch((): string[] => [])).some((name) => CHECKPOINT.test(name));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "a full disk",
  EDQUOT: "no room left in your share of the disk",
  EACCES: "no permission to write",
  EPERM: "no permission to write",
  EROFS: "a read-only file system",
  ENOTDIR: "a file where a folder should be",
  EEXIST: "a file of this name",
};

function cannotWrite(where: string, fix: string, error: unknown): never {
  if (error instanceof TextuneError) throw error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  fail("E_STORE", { where, expected: "to write a checkpoint", got: REASONS[code] ?? message, fix }, error);
}
