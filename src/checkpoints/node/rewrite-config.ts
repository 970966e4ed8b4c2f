import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { replaceFile } from "../../base/node/replace-file.js";
import { CONFIG_FILE } from "../checkpoint.js";
import { configText } from "../config-text.js";

type Config = Readonly<Record<string, unknown>>;

/**
 * Puts `change` of its `config.json` into a model folder; the other files stay as they are.
 *
 * @throws E_STORE where `folder` is no model folder that can be written; it is as it was then
 */
export async function rewriteConfig(folder: string, change: (config: Config) => Config): Promise<void> {
  const path = join(folder, CONFIG_FILE);
  try {
    const config = JSON.parse(await readFile(path, "utf8")) as Config;
    const text = configText(change(config));
    await replaceFile(path, (temporary) => writeFile(temporary, text));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    fail(
      "E_STORE",
      {
        where: folder,
        expected: "a model folder that can be written",
        got: code === "ENOENT" || code === "ENOTDIR" ? `none with a ${CONFIG_FILE}` : message,
        fix: "save the model to a folder first",
      },
      error,
    );
  }
}
