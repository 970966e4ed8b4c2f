/** What the Studio tells of a sweep. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import type { SweepDetails, SweepList } from "../../src/studio/wire/sweeps.js";
import { studioOf } from "../support/studio-of.js";
import { tinySweep } from "../support/tiny-sweep.js";

const dir = mkdtempSync(join(tmpdir(), "textune studio sweeps "));
let studio: RunningStudio;

beforeAll(async () => {
  await tinySweep(dir, { name: "rates", trials: 8 });
  studio = await studioOf(dir);
});
afterAll(async () => {
  await studio.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
});

const ask = async <T>(path: string): Promise<T> => (await (await fetch(`${studio.address}${path}`)).json()) as T;

it("says what trials came to, where they stand on each axis, and what matters", async () => {
  const { sweeps } = await ask<SweepList>("/api/sweeps");
  expect(sweeps.map(({ name, size }) => [name, size])).toEqual([["rates", 8]]);
  const sweep = await ask<SweepDetails>("/api/sweeps/rates");
  expect(sweep.id).toBe(sweeps[0].id);
  expect(sweep.counts).toMatchObject({ finished: 7, failed: 1, running: 0 });
  expect(sweep.best?.value).toBe(Math.max(...sweep.trials.flatMap(({ value }) => value ?? [])));
  expect(sweep.trials[2].error).toBe("<b>out of</b> memory");
  const [rate, batch] = sweep.axes;
  // Equally probable is equally long: of a log-uniform parameter each power of ten.
  expect(rate.ticks.map(({ value }) => Math.log10(Number(value)).toFixed(3))).toEqual([
    "-5.000",
    "-4.000",
    "-3.000",
    "-2.000",
    "-1.000",
  ]);
  expect(batch.ticks.map(({ value }) => value)).toEqual([8, 16, 32]);
  for (const { places, setting } of sweep.trials)
    expect(places[0]).toBeCloseTo((Math.log10(Number(setting.learningRate)) + 5) / 4, 9);
  expect(sweep.importance[0].name).toBe("learningRate");
});
