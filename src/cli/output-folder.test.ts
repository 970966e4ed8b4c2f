import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkOutputFolder, checkWritable } from "./output-folder.js";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "textune output "));
});
afterEach(() => rm(place, { recursive: true, force: true }));

it("agrees with a new folder, at any depth, and leaves nothing behind", async () => {
  await checkOutputFolder(join(place, "a", "b"), false);
  await mkdir(join(place, "empty"));
  await checkOutputFolder(join(place, "empty"), false);
  expect(await readdir(place)).toEqual(["empty"]);
});

it("keeps what is there: a file, other files even with overwrite, a model without", async () => {
  await writeFile(join(place, "file"), "");
  await expect(checkOutputFolder(join(place, "file"), true)).rejects.toMatchObject({ code: "E_USAGE" });
  await expect(checkOutputFolder(place, true)).rejects.toMatchObject({ code: "E_STORE" });
  await mkdir(join(place, "model"));
  await writeFile(join(place, "model", "config.json"), "{}");
  await expect(checkOutputFolder(join(place, "model"), false)).rejects.toThrow(/--overwrite/);
});

it("refuses a place under a file", async () => {
  await writeFile(join(place, "file"), "");
  await expect(checkOutputFolder(join(place, "file", "under"), false)).rejects.toMatchObject({ code: "E_USAGE" });
});

it.runIf(existsSync("/proc/self"))("refuses a place where nothing can be written", async () => {
  await expect(checkOutputFolder("/proc/textune/classifier", false)).rejects.toMatchObject({ code: "E_STORE" });
  await expect(checkWritable("--html /proc/x/r.html", "/proc/x")).rejects.toThrow(
    /^--html \/proc\/x\/r\.html: expected to write into \/proc\/x, got .*; choose a folder that you may write to$/,
  );
});
