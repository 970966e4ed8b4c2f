/**
 * The trials of a training, and what came of those that are done, in a file beside its checkpoints: a training that goes
 * on does none of them twice.
 */
import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { replaceFile } from "../../base/node/replace-file.js";
import { lockFolder } from "../../training/node/folder-lock.js";

const FILE = "trials.json";
const FOLDER = "trials";

/** A learning rate, and the metric that it reached on the validation part. */
export interface Trial {
  readonly learningRate: number;
  readonly value: number;
}

interface Stored {
  /** What trainings have in common that may share trials. */
  readonly identity: string;
  readonly done: readonly Trial[];
}

export interface TrialStore {
  readonly done: readonly Trial[];
  add(trial: Trial): Promise<void>;
  /** The folder for the checkpoints of the trial in progress. */
  readonly checkpointDir: string;
  close(): Promise<void>;
}

/**
 * Opens the trials in `folder` for one training.
 *
 * @throws E_STORE while another training is at work there; E_CONFIG when there is nothing to go on from, or only what
 *   belongs to another training; E_USAGE when trials would be lost
 */
export async function openTrials(
  folder: string,
  {
    resume = false,
    overwrite = false,
  }: { readonly resume?: boolean | undefined; readonly overwrite?: boolean | undefined },
  identity: string,
): Promise<TrialStore> {
  await mkdir(folder, { recursive: true });
  const unlock = await lockFolder(folder);
  const path = join(folder, FILE);
  const checkpointDir = join(folder, FOLDER);
  const write = (done: readonly Trial[]): Promise<void> => {
    const text = `${JSON.stringify({ identity, done } satisfies Stored, undefined, 2)}\n`;
    return replaceFile(path, (temporary) => writeFile(temporary, text));
  };
  try {
    const stored = await readStored(path);
    if (!resume && !overwrite && stored !== undefined)
      fail("E_USAGE", {
        where: folder,
        expected: "no trials of an interrupted training",
        got: `${stored.done.length} that are done`,
        fix: "remove the folder to begin anew, or go on from there",
        set: { resume: true },
      });
    if (resume && stored === undefined)
      fail("E_CONFIG", { option: "resume", expected: `trials or a checkpoint in ${folder}`, got: "none" });
    if (resume && stored?.identity !== identity)
      fail("E_CONFIG", {
        option: "resume",
        expected: "trials of a training with the same model, data and options",
        got: `others in ${folder}`,
        fix: "repeat the training as it was begun, or choose another folder",
      });
    const done = [...((resume ? stored?.done : undefined) ?? [])];
    if (!resume) await rm(checkpointDir, { recursive: true, force: true });
    await write(done);
    return {
      done,
      checkpointDir,
      async add(trial) {
        done.push(trial);
        await write(done);
        // What it went on from is of no use to the next one.
        await rm(checkpointDir, { recursive: true, force: true });
      },
      close: unlock,
    };
  } catch (error) {
    await unlock();
    // Only an empty one goes.
    await rmdir(folder).catch(() => undefined);
    throw error;
  }
}

/** Forgets the trials in `folder`. */
export async function forgetTrials(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
  await rm(join(folder, FOLDER), { recursive: true, force: true });
}

/** Undefined where there is no such file, or one that is damaged: trials can be made anew. */
async function readStored(path: string): Promise<Stored | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Stored;
  } catch {
    return undefined;
  }
}
