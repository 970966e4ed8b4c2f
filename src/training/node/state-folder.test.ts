import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainingState } from "../training-state.js";
import { openStateFolder } from "./state-folder.js";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune states "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const stateOf = (step: number): TrainingState => ({
  step,
  facts: { losses: [0.1, Number.NaN, Number.NEGATIVE_INFINITY, 1 / 3], name: "ä 中", none: null, nested: { a: [1] } },
  tensors: new Map([
    ["weights", Float32Array.of(step, Number.NaN, -0, 1e-40)],
    ["empty", new Float32Array()],
  ]),
});
const quiet = (message: string): never => {
  throw new Error(message);
};
const files = async (folder: string) => (await readdir(folder)).filter((name) => name !== "training.lock").sort();

describe("a folder of states", () => {
  it("gives back the newest, to the bit, and keeps as many as asked for", async () => {
    const folder = join(place, "new", "states");
    const store = await openStateFolder(folder, 2);
    expect(await store.latest(quiet)).toBeUndefined();
    for (const step of [9, 10, 100]) await store.save(stateOf(step));
    expect(await files(folder)).toEqual(["checkpoint-10.safetensors", "checkpoint-100.safetensors"]);
    expect(await store.latest(quiet)).toEqual(stateOf(100));
    await store.clear();
    await store.close();
    await expect(readdir(folder)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("leaves out what is damaged, says so, and gives the one before", async () => {
    const folder = join(place, "damaged");
    const store = await openStateFolder(folder, 9);
    for (const step of [1, 2, 3, 4, 5]) await store.save(stateOf(step));
    const pathOf = (step: number) => join(folder, `checkpoint-${step}.safetensors`);
    await truncate(pathOf(5), 40);
    await writeFile(pathOf(4), "");
    // One bit of a weight, and a digit of a fact.
    const flipped = await readFile(pathOf(3));
    flipped[flipped.length - 1] ^= 1;
    await writeFile(pathOf(3), flipped);
    await writeFile(pathOf(2), (await readFile(pathOf(2), "latin1")).replace("0.333", "0.334"), "latin1");
    const said: string[] = [];
    expect(await store.latest((message) => said.push(message))).toEqual(stateOf(1));
    expect(said).toHaveLength(4);
    for (const message of said) expect(message).toMatch(/^checkpoint-\d is left out: .*checkpoint-\d\.safetensors: /);
    await store.close();
  });

  it("removes what killed processes left half written, and takes over their lock", async () => {
    const folder = join(place, "killed");
    await mkdir(folder);
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    const gone = child.pid as number;
    await writeFile(join(folder, `.checkpoint-7.${gone}.part`), "half");
    await writeFile(join(folder, "training.lock"), `${gone} ${hostname()}\n`);
    const store = await openStateFolder(folder, 2);
    expect(await files(folder)).toEqual([]);
    await store.close();
    // A lock that its process did not get to write.
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "training.lock"), "");
    await (await openStateFolder(folder, 2)).close();
  });

  it("refuses a second training while one is at work, here or on another machine", async () => {
    const folder = join(place, "locked");
    const store = await openStateFolder(folder, 2);
    const refused = { code: "E_STORE", message: expect.stringContaining(`process ${process.pid} on ${hostname()}`) };
    await expect(openStateFolder(folder, 2)).rejects.toMatchObject(refused);
    await store.save(stateOf(1));
    await store.close();
    const again = await openStateFolder(folder, 2);
    await again.close();
    await writeFile(join(folder, "training.lock"), "1 elsewhere\n");
    await expect(openStateFolder(folder, 2)).rejects.toThrow("process 1 on elsewhere");
  });

  it("says in one line what cannot be written, and leaves nothing of it", async () => {
    const blocked = join(place, "a file");
    await writeFile(blocked, "");
    await expect(openStateFolder(join(blocked, "states"), 2)).rejects.toMatchObject({
      code: "E_STORE",
      message: expect.stringContaining("expected to write a checkpoint, got a file where a folder should be"),
    });
    const folder = join(place, "full");
    const store = await openStateFolder(folder, 2);
    await store.save(stateOf(1));
    await mkdir(join(folder, "checkpoint-2.safetensors"));
    await expect(store.save(stateOf(2))).rejects.toMatchObject({ code: "E_STORE" });
    await rm(join(folder, "checkpoint-2.safetensors"), { recursive: true });
    expect(await files(folder)).toEqual(["checkpoint-1.safetensors"]);
    expect((await store.latest(quiet))?.step).toBe(1);
    await store.close();
  });

  it.skipIf(process.getuid?.() === 0)("calls a read-only folder by its name", async () => {
    const folder = join(place, "read only");
    await mkdir(folder);
    await chmod(folder, 0o500);
    await expect(openStateFolder(folder, 2)).rejects.toThrow("no permission to write");
  });
});
