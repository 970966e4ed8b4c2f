/**
 * Nothing leaves the machine: a process that uses Textune writes no file of its own accord and asks for no address.
 * Needs the build in dist/, which `npm test` makes. Look-ups are seen by strace; without it files alone are looked at,
 * which onnxruntime's telemetry writes before it sends anything.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const hasStrace = spawnSync("strace", ["-V"]).status === 0;
/** The first look-up of onnxruntime 1.30 comes 9 seconds after its first session. */
const LOOK_UP_AFTER = 12_000;

const PREDICT = `
  const { TextClassifier } = await import(${JSON.stringify(dist("index.js"))});
  const classifier = await TextClassifier.fromPretrained(process.env.CLASSIFIER, { labels: ["no", "yes"] });
  await classifier.predict("hello");
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.STAY)));
  await classifier.close();
`;
const IN_WORKER = `
  import { Worker } from "node:worker_threads";
  new Worker(new URL("./predict.mjs", import.meta.url));
`;

let place: string;
let programs: string;
let classifier: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune-privacy-"));
  programs = join(place, "programs");
  classifier = join(place, "classifier");
  await mkdir(programs);
  await writeFile(join(programs, "predict.mjs"), PREDICT);
  await writeFile(join(programs, "in-worker.mjs"), IN_WORKER);
  const { TextClassifier } = await import("../../src/index.js");
  const fresh = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["no", "yes"] });
  await fresh.save(classifier);
  await fresh.close();
});
afterAll(() => rm(place, { recursive: true, force: true }));

interface Traces {
  /** Files in the home folder, the folders of caches and settings, and that for temporary files. */
  readonly files: readonly string[];
  /** What the process did with the network, by strace. */
  readonly network: readonly string[];
}

/** Runs Node.js with an empty home, in an environment with nothing in it but `variables`. */
async function run(
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Traces> {
  const home = join(place, name);
  const folders = {
    HOME: "home",
    TMPDIR: "tmp",
    XDG_CACHE_HOME: "cache",
    XDG_CONFIG_HOME: "config",
    XDG_DATA_HOME: "data",
  };
  const paths = Object.fromEntries(Object.entries(folders).map(([key, folder]) => [key, join(home, folder)]));
  for (const path of Object.values(paths)) await mkdir(path, { recursive: true });
  const trace = join(place, `${name}.trace`);
  const strace = hasStrace ? ["strace", "-f", "-e", "trace=%network", "-o", trace] : [];
  const [program, ...rest] = [...strace, process.execPath, ...args];
  await new Promise<void>((resolve, reject) => {
    execFile(
      program as string,
      rest,
      // Without CI, which silences onnxruntime too.
      { cwd: home, env: { PATH: process.env.PATH, ...paths, CLASSIFIER: classifier, STAY: "0", ...variables } },
      (error, _, stderr) => (error === null ? resolve() : reject(new Error(`${error.message}\n${stderr}`))),
    );
  });
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const calls = existsSync(trace) ? readFileSync(trace, "utf8").split("\n") : [];
  return {
    files: entries.filter((entry) => !entry.isDirectory()).map(({ name: file }) => file),
    // Sockets between a process and itself are Node.js' own.
    network: calls.filter(
      (line) => /\b(?:socket|connect|sendto|sendmmsg)\(/.test(line) && !/\bsocketpair\(/.test(line),
    ),
  };
}

const NOTHING: Traces = { files: [], network: [] };

describe("nothing is written and nothing looked up", () => {
  const stay = { STAY: String(hasStrace ? LOOK_UP_AFTER : 0) };
  it.concurrent("by a program", async () => {
    expect(await run("program", [join(programs, "predict.mjs")], stay)).toEqual(NOTHING);
  });
  it.concurrent("by a worker thread", async () => {
    expect(await run("worker", [join(programs, "in-worker.mjs")], stay)).toEqual(NOTHING);
  });
  it.concurrent("by the command line", async () => {
    expect(await run("command", [dist("cli/main.js"), "predict", classifier, "hello"], {})).toEqual(NOTHING);
  });
});

it.runIf(process.platform !== "win32")(
  "a user who wants to send usage data can, and this test would see it",
  async () => {
    const { files } = await run("asked", [join(programs, "predict.mjs")], { ORT_DISABLE_TELEMETRY: "0" });
    expect(files).toContain("deviceid");
    const inWorker = await run("asked-worker", [join(programs, "in-worker.mjs")], { ORT_DISABLE_TELEMETRY: "0" });
    expect(inWorker.files).toContain("deviceid");
  },
);
