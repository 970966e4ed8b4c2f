import { readFile } from "node:fs/promises";
import { fail } from "../base/errors.js";
import { configIn } from "../workflows/training-record.js";

/**
 * The object in the JSON file at `path`.
 *
 * @throws E_CONFIG when the file cannot be read or holds something else
 */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const where = `configuration file "${path}"`;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return fail(
      "E_CONFIG",
      { where, expected: "a JSON file", got: reason(error), fix: "check the path given with --config" },
      error,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return fail(
      "E_CONFIG",
      {
        where,
        expected: "JSON",
        got: error instanceof Error ? error.message.replaceAll("\n", " ") : "something else",
        fix: 'write options as in { "epochs": 3 }',
      },
      error,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail("E_CONFIG", {
      where,
      expected: 'an object such as { "epochs": 3 }',
      got: Array.isArray(value) ? "a list" : typeof value,
    });
  }
  // A training.json holds them among other things.
  return { ...(configIn(value) ?? (value as Record<string, unknown>)) };
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "a folder";
  return error instanceof Error ? error.message : String(error);
}
