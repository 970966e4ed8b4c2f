/** Notices that a model folder was replaced. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CONFIG_FILE } from "../../checkpoints/checkpoint.js";

/** Milliseconds between looks. Looking works on every file system, and through links, where watching does not. */
const INTERVAL = 1000;

/** Calls `changed` when another folder, or another config.json, stands at `folder`; `gone` when there is none any more. */
export function watchFolder(folder: string, { changed, gone }: { changed(): void; gone(): void }): () => void {
  let last: string | undefined;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const now = await stampOf(folder);
    looking = false;
    const before = last;
    last = now ?? "gone";
    if (before === undefined || before === last) return;
    if (now === undefined) gone();
    else changed();
  };
  void look();
  const timer = setInterval(() => void look(), INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

/** config.json is the first file of a folder to be written, and a folder gets its name when it is whole. */
async function stampOf(folder: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs, size } = await stat(join(folder, CONFIG_FILE));
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return undefined;
  }
}
