import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgetTrials, openTrials } from "./trials.js";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "textune-")), "mine.checkpoints");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const FIRST = { learningRate: 1e-4, value: 0.75 };
const SECOND = { learningRate: 2e-4, value: 0.5 };

describe("trials in a folder", () => {
  it("are there for the training that goes on, and gone once they are forgotten", async () => {
    const begun = await openTrials(folder, {}, "mine");
    expect(begun.done).toEqual([]);
    await begun.add(FIRST);
    await begun.close();
    const again = await openTrials(folder, { resume: true }, "mine");
    expect(again.done).toEqual([FIRST]);
    await again.add(SECOND);
    await again.close();
    const overwritten = await openTrials(folder, { resume: true }, "mine");
    expect(overwritten.done).toEqual([FIRST, SECOND]);
    await overwritten.close();
    await forgetTrials(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it("forget the checkpoints of the one that is done", async () => {
    const { add, close, checkpointDir } = await openTrials(folder, {}, "mine");
    await mkdir(checkpointDir);
    await writeFile(join(checkpointDir, "checkpoint-3.safetensors"), "");
    await add(FIRST);
    expect(existsSync(checkpointDir)).toBe(false);
    await close();
  });

  it("are refused to whoever would lose them, has none, or has others, and to two at once", async () => {
    await expect(openTrials(folder, { resume: true }, "mine")).rejects.toThrow(
      `option resume: expected trials or a checkpoint in ${folder}, got none`,
    );
    expect(existsSync(folder)).toBe(false);
    const { add, close } = await openTrials(folder, {}, "mine");
    await add(FIRST);
    await expect(openTrials(folder, { resume: true }, "mine")).rejects.toThrow("another one at work");
    await close();
    await expect(openTrials(folder, {}, "mine")).rejects.toThrow(
      `${folder}: expected no trials of an interrupted training, got 1 that are done`,
    );
    await expect(openTrials(folder, { resume: true }, "yours")).rejects.toThrow(
      "option resume: expected trials of a training with the same model, data and options",
    );
    const anew = await openTrials(folder, { overwrite: true }, "yours");
    expect(anew.done).toEqual([]);
    await anew.close();
  });
});
