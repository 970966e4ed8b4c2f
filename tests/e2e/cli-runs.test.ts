/** Recorded runs on the command line. Needs the build in dist/, which `npm test` makes. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { init } from "../../src/tracking/index.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let place: string;
const { TEXTUNE_STORE: _, ...environment } = process.env;

function textune(...words: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...words], { cwd: place, env: environment });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => (stdout += piece));
  child.stderr.on("data", (piece: Buffer) => (stderr += piece));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

async function json<T>(...words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await textune(...words, "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

const TRAIN = [
  ...["train", "tickets.csv", "--text", "text", "--label", "label"],
  ...["--epochs", "1", "--max-length", "16", "--batch-size", "32"],
];

interface ListedRun {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tags: readonly string[];
  readonly summary: Readonly<Record<string, unknown>>;
}
const list = async (...words: string[]): Promise<readonly ListedRun[]> =>
  (await json<{ runs: ListedRun[] }>("runs", "list", ...words)).runs;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "textune cli runs "));
  writeFileSync(join(place, "tickets.csv"), readFileSync(tickets, "utf8").split("\n").slice(0, 61).join("\n"));
  const words = ["--output", "one", "--name", "first", "--project", "tickets", "--tags", "base", "--test-split", "0.2"];
  const trained = await textune(...TRAIN, ...words, "--log-model");
  expect(trained.code, trained.stderr).toBe(0);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

it("records a training: options, data, steps, evaluations, console, model", async () => {
  const [run] = await list("--project", "tickets");
  expect(run).toMatchObject({ name: "first", state: "finished", tags: ["base"] });
  expect(run.summary["test/macroF1"]).toBeTypeOf("number");
  const shown = await json<{
    config: object;
    environment: { data: { train: object }; reproduce: { given: object }; git?: object };
    tables: { name: string }[];
    curves: { name: string; points: number }[];
  }>("runs", "show", "first");
  expect(shown.config).toMatchObject({ epochs: 1, maxLength: 16, seed: 42 });
  expect(shown.environment.data.train).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(shown.environment.reproduce.given).toMatchObject({ data: ["tickets.csv"], epochs: 1 });
  expect(shown.tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["validation/confusion", "validation/perClass", "test/confusion"]),
  );
  expect(shown.curves.find(({ name }) => name === "train/loss")?.points).toBe(2);
  const artifacts = await json<{ name: string; madeBy: string }[]>("artifacts", "list");
  expect(artifacts).toMatchObject([{ name: `model-${run.id}`, madeBy: run.id, type: "model" }]);
  expect((await textune("artifacts", "get", `model-${run.id}`, "--output", "got")).code).toBe(0);
  const model = (folder: string): Buffer => readFileSync(join(place, folder, "model.safetensors"));
  expect(model("got").equals(model("one"))).toBe(true);
});

it("shows a run with its curves, and what it printed", async () => {
  const shown = await textune("runs", "show", "first", "--metric", "train/loss");
  expect(shown.stdout).toContain("train/loss  2 points");
  expect(shown.stdout).toContain("steps 1 to 2");
  expect((await textune("runs", "tail", "first", "--lines", "3")).stdout).toContain("epoch 1/1");
});

it("trains the same bits again", async () => {
  const { code, stdout, stderr } = await textune("runs", "reproduce", "first");
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/The same bits: \d+ values of \d+ metrics/);
  writeFileSync(
    join(place, "tickets.csv"),
    `${readFileSync(join(place, "tickets.csv"), "utf8")}\nanother text,billing\n`,
  );
  const changed = await textune("runs", "reproduce", "first");
  expect(changed.code).toBe(1);
  expect(changed.stdout).toMatch(/train data, fingerprint/);
  expect(changed.stderr).toMatch(/metrics that differ, the first at step 1/);
}, 180_000);

it("compares, notes, tags, exports and removes", async () => {
  const [again, ...others] = await list();
  const first = others.at(-1) as ListedRun;
  const compared = await textune("runs", "compare", first.id, again.id);
  expect(compared.stdout).toContain("data.train");
  await textune("runs", "note", "first", "too few texts");
  expect((await textune("runs", "note", "first")).stdout).toBe("too few texts\n");
  await textune("runs", "tag", "first", "a", "b");
  await textune("runs", "tag", "first", "b", "--remove");
  expect((await list("--tags", "a"))[0]?.tags).toEqual(["a", "base"]);
  expect((await textune("runs", "export", "first", "--output", "points.csv")).code).toBe(0);
  expect(readFileSync(join(place, "points.csv"), "utf8")).toMatch(/^run,metric,step,time,value\n/);
  expect((await textune("runs", "export", "first", "--output", "points.csv")).code).toBe(2);
  expect((await list("--where", "config.epochs=1", "--where", "name=first")).map(({ name }) => name)).toEqual([
    "first",
  ]);
  expect(await list("--where", "config.epochs>1")).toEqual([]);
  await textune("runs", "archive", again.id);
  expect((await list()).map(({ id }) => id)).not.toContain(again.id);
  expect((await list("--archived")).map(({ id }) => id)).toContain(again.id);
  await textune("runs", "archive", again.id, "--undo");
  expect((await list()).map(({ id }) => id)).toContain(again.id);
  expect((await textune("runs", "rm", again.id)).stderr).toContain("add --yes");
  await textune("runs", "rm", again.id, "--yes");
  expect((await list()).map(({ id }) => id)).not.toContain(again.id);
});

it("prints nothing that a terminal would take for a command", async () => {
  const evil = "\u001b]0;title\u0007\u001b[2J\u202egpj.exe";
  const quiet = { settings: { statsSamplingInterval: 0, console: false }, onWarning: () => {} };
  const run = await init({
    ...quiet,
    dir: join(place, ".textune"),
    name: evil,
    project: evil,
    notes: evil,
    tags: [evil],
    config: { [evil]: evil },
  });
  for (let i = 0; i < 3; i++) run.log({ [evil]: i });
  run.summary[evil] = evil;
  await run.finish();
  for (const words of [
    ["list"],
    ["show", run.id],
    ["compare", run.id, "first"],
    ["note", run.id],
    ["rm", run.id, "--yes"],
  ]) {
    const { stdout, stderr, code } = await textune("runs", ...words);
    expect(code, stderr).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  }
});

it("says in words what is wrong", async () => {
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["runs", "show", "firts"], 1, /did you mean "first"/],
    [["runs", "list", "--sort", "loss"], 2, /summary\.NAME/],
    [["runs", "list", "--where", "loss<1"], 2, /summary\.best\/loss/],
    [["runs", "list", "--dir", "nowhere"], 1, /expected recorded runs/],
    [["runs", "rm"], 2, /runs, or --project/],
    [["runs", "export", "first"], 2, /--output/],
    [["runs", "import", "tickets.csv"], 1, /expected/],
    [["artifacts", "get", "modell"], 1, /expected an artifact of the store/],
    [["artifacts", "put", "gone.bin"], 1, /expected a file or a folder/],
  ];
  for (const [words, code, said] of cases) {
    const outcome = await textune(...words);
    expect([words, outcome.code], outcome.stderr).toEqual([words, code]);
    expect(outcome.stderr).toMatch(said);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
  }
});

it("records nothing with --no-track, nor of a file that is not there", async () => {
  const before = (await list()).length;
  const trained = await textune(...TRAIN, "--output", "untracked", "--no-track", "--dir", "never");
  expect(trained.code, trained.stderr).toBe(0);
  expect((await textune("train", "gone.csv", "--output", "gone")).code).toBe(1);
  expect(existsSync(join(place, "never"))).toBe(false);
  expect(await list()).toHaveLength(before);
  expect(readdirSync(place)).toContain("untracked");
});
