/** Writes a model folder in Hugging Face's layout, whole or not at all. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fail } from "../../base/errors.js";
import type { TokenizerFiles } from "../../tokenizers/tokenizer.js";
import { CONFIG_FILE, TOKENIZER_FILES } from "../checkpoint.js";
import { type NamedTensor, writeSafetensors } from "./safetensors-file.js";

/** What a model folder holds. */
export interface CheckpointContent {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: readonly NamedTensor[];
  readonly tokenizerFiles: TokenizerFiles;
}

/**
 * Writes `content` to a folder of a temporary name beside `folder`, then renames it. A model folder that is there
 * already is moved aside first and removed last, so that one of the two is whole at any time.
 *
 * @throws E_STORE when the place cannot be written, or holds files that are no model
 */
export async function saveCheckpoint(folder: string, content: CheckpointContent): Promise<void> {
  const target = resolve(folder);
  const replaces = await holdsModel(target);
  let temporary: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    temporary = join(dirname(target), `.${basename(target)}.saving-${randomUUID()}`);
    await mkdir(temporary);
    await writeFile(join(temporary, CONFIG_FILE), `${JSON.stringify(content.config, null, 2)}\n`);
    for (const name of TOKENIZER_FILES) {
      const text = content.tokenizerFiles[name];
      if (text !== undefined) await writeFile(join(temporary, name), text);
    }
    await writeSafetensors(join(temporary, "model.safetensors"), content.tensors);
    const aside = `${temporary}.old`;
    if (replaces) await rename(target, aside);
    try {
      await rename(temporary, target);
    } catch (error) {
      if (replaces) await rename(aside, target);
      throw error;
    }
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    fail(
      "E_STORE",
      {
        where: folder,
        expected: "a place to write the classifier",
        got: REASONS[code ?? ""] ?? message,
        fix: "nothing was written: choose another folder or make room",
      },
      error,
    );
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

/** Whether a model folder stands at `path`, which may be replaced. @throws E_STORE for anything else that is not empty */
async function holdsModel(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  const files = found.isDirectory() ? await readdir(path) : undefined;
  if (files !== undefined && (files.length === 0 || files.includes(CONFIG_FILE))) return true;
  return fail("E_STORE", {
    where: path,
    expected: "a new folder, or a model folder to replace",
    got: files === undefined ? "a file" : `a folder with other files (${files.slice(0, 3).join(", ")})`,
    fix: "choose another folder",
  });
}
