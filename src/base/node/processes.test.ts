import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isRunning, removeLeftovers } from "./processes.js";

const place = mkdtempSync(join(tmpdir(), "textune leftovers "));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const gone = spawnSync(process.execPath, ["--version"]).pid;

it("tells processes that are there from those that are gone", () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(gone)).toBe(false);
});

it("removes what a process left that is gone, and nothing else", async () => {
  mkdirSync(join(place, `.work-${gone}-a`));
  writeFileSync(join(place, `.work-${gone}-a`, "file"), "");
  writeFileSync(join(place, `.work-${gone}-b`), "");
  mkdirSync(join(place, `.work-${process.pid}-c`));
  mkdirSync(join(place, ".work-of-mine"));
  mkdirSync(join(place, `other-${gone}`));
  await removeLeftovers(place, /^\.work-(\d+)-/);
  expect(readdirSync(place).sort()).toEqual([`.work-${process.pid}-c`, ".work-of-mine", `other-${gone}`].sort());
  await removeLeftovers(join(place, "nowhere"), /(\d+)/);
});
