/** What `--json` prints is what its schema and its documentation say. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BY_LINE, JSON_OUTPUTS } from "../../scripts/json-outputs/registry.js";
import { jsonDocs } from "../../scripts/json-outputs/write-docs.js";
import { runCommandLine } from "../../src/cli/command-line.js";
import { commands } from "../../src/cli/command-registry.js";
import type { Terminal } from "../../src/cli/terminal.js";
import { startHub } from "../support/hub-server.js";
import { noPostgres, startPostgres } from "../support/postgres.js";
import { writtenTerminal } from "../support/terminal.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i % 2 === 0 ? "win a prize" : "see you soon"} ${i},${i % 2 === 0 ? "spam" : "ham"},${i % 3}`,
  );
  await writeFile(join(folder, "mails.csv"), `text,label,shop\n${rows.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command with --json and holds what it prints to its schema. */
async function run(command: keyof typeof JSON_OUTPUTS, ...args: string[]): Promise<unknown> {
  const { terminal, written } = writtenTerminal(() => performance.now());
  const code = await runCommandLine([...command.split(" "), ...args, "--json", "--quiet"], terminal);
  expect(code, written.err).toBe(0);
  const texts = BY_LINE.includes(command) ? written.out.split("\n").slice(0, -1) : [written.out];
  const values = texts.map((text) => JSON.parse(text) as unknown);
  for (const value of values) {
    const parsed = JSON_OUTPUTS[command].safeParse(value);
    expect(parsed.error?.issues ?? [], command).toEqual([]);
  }
  return BY_LINE.includes(command) ? values : values[0];
}

describe("what --json prints", () => {
  const at = (name: string): string => join(folder, name);

  it("of data is as its schemas say", async () => {
    await run("data report", at("mails.csv"), "--test-split", "0.2", "--model", "all-MiniLM-L6-v2");
    await run("data report", at("mails.csv"), "--no-label");
    await run("data clean", at("mails.csv"), "--output", at("clean.csv"), "--trim", "--drop-duplicates", "normalized");
    await run("data split", at("mails.csv"), "--output", at("parts"), "--test", "0.2");
    await run("doctor");
    await run("summary", "all-MiniLM-L6-v2");
    await run("models list");
  });

  it("of classifiers and runs is as its schemas say", async () => {
    const store = ["--dir", at("store")];
    const model = at("model");
    const training = ["--output", model, "--epochs", "1", "--max-length", "16", "--test-split", "0.2"];
    process.env.TEXTUNE_STORE = at("store");
    try {
      await run("train", at("mails.csv"), ...training, "--track", "--project", "mails");
    } finally {
      delete process.env.TEXTUNE_STORE;
    }
    await run("evaluate", model, at("mails.csv"));
    await run("evaluate", model, at("mails.csv"), "--calibrate", "--interval", "--slice", "shop", "--no-store");
    await run("predict", model, "win now", "");
    await run("export", model, "--to", at("onnx"), "--check", at("mails.csv"), "--dtype", "fp32", "--max-drop", "1");
    await run("convert", "all-MiniLM-L6-v2", "--output", at("converted"));

    const { runs } = (await run("runs list", ...store)) as { runs: { id: string }[] };
    const id = runs[0]?.id as string;
    await run("runs show", id, ...store);
    await run("runs tail", id, ...store);
    // It starts the command line of this process again, which has to be the built one.
    const started = process.argv[1] as string;
    process.argv[1] = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
    try {
      await run("runs reproduce", id, ...store);
    } finally {
      process.argv[1] = started;
    }
    await run("runs compare", id, id, ...store);
    await run("runs note", id, "a note", ...store);
    await run("runs tag", id, "good", ...store);
    await run("runs archive", id, ...store);
    await run("runs archive", id, "--undo", ...store);
    await run("runs export", id, "--output", at("run.csv"), ...store);
    await run("studio export", id, "--output", at("report.html"), ...store);
    const put = (await run("artifacts put", at("mails.csv"), "--type", "dataset", "--project", "mails", ...store)) as {
      name: string;
    };
    await run("artifacts list", ...store);
    await run("artifacts get", `mails/${put.name}:latest`, "--output", at("got"), ...store);
    await run("artifacts verify", ...store);
    await run("artifacts rm", `mails/${put.name}:latest`, ...store);
    await run("artifacts gc", ...store);
    await run("runs import", fileURLToPath(new URL("../golden/event-files", import.meta.url)), ...store);
    await run("runs rm", id, ...store);
  });

  it("of downloaded models is as its schemas say", async () => {
    const name = "google/bert_uncased_L-2_H-128_A-2";
    const hub = await startHub({
      id: name,
      files: {
        "config.json": Buffer.from('{"model_type":"bert"}'),
        "vocab.txt": Buffer.from("[PAD]\n"),
        "model.safetensors": Buffer.alloc(3_000_000),
      },
    });
    vi.stubEnv("HF_ENDPOINT", hub.url);
    const cache = ["--cache-dir", at("cache")];
    try {
      await run("models info", "all-MiniLM-L6-v2", ...cache);
      await run("models pull", name, ...cache);
      await run("models verify", ...cache);
      await run("models remove", name, ...cache);
    } finally {
      vi.unstubAllEnvs();
      await hub.close();
    }
  });

  it("of sweeps is as its schemas say", async () => {
    const store = ["--dir", at("sweeps")];
    const file = await sweepOf(`console.log(JSON.stringify({ loss: Number(process.argv[2].split("=")[1]) }));`);
    const { id } = (await run("sweep", file, "--count", "1", ...store)) as { id: string };
    await run("sweep resume", id, ...store);
    expect(await run("sweep show", id, ...store)).toMatchObject({ best: { value: 1 }, counts: { finished: 2 } });
    await run("sweep list", ...store);
  });

  it.skipIf(noPostgres !== undefined)("of queued trials is as its schemas say", async () => {
    const server = await startPostgres();
    try {
      const store = ["--dir", await server.database()];
      const file = await sweepOf(`console.log(JSON.stringify({ loss: 1 }));`);
      await run("sweep", file, "--queue", ...store);
      expect(await run("worker", "--drain", ...store)).toHaveLength(2);
    } finally {
      await server.stop();
    }
  });

  /** The file of a sweep over two rates that runs a program of this text. */
  async function sweepOf(program: string): Promise<string> {
    await writeFile(at("trial.mjs"), program);
    const trials = "method: grid\nmetric: { name: loss }\nparameters: { rate: { values: [1, 2] } }\n";
    await writeFile(at("sweep.yaml"), `program: ${JSON.stringify(at("trial.mjs"))}\n${trials}`);
    return at("sweep.yaml");
  }

  it("is documented as its schemas say, and of each command that has it", async () => {
    const program = new Command("textune");
    const terminal = {} as Terminal;
    for (const add of commands) add(program, { terminal });
    const printers = (command: Command, path: string): string[] => [
      ...(command.options.some(({ long }) => long === "--json") ? [path.trim()] : []),
      ...command.commands.flatMap((one) => printers(one, `${path} ${one.name()}`)),
    ];
    // A server prints its log, not a result.
    const withResults = printers(program, "").filter((command) => command !== "serve");
    expect(Object.keys(JSON_OUTPUTS).sort()).toEqual(withResults.sort());
    for (const { path, text } of jsonDocs())
      expect(await readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8"), path).toBe(text);
  });
});
