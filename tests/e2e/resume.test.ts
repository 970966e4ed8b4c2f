/**
 * Trainings that are killed: real processes, at moments that nothing chose. Needs the build in dist/, which `npm test`
 * makes.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeVariant } from "../support/golden-checkpoints.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

let place: string;
let whole: string;
let wholeHistory: unknown;

/** A training of 280 steps with a checkpoint after each, which takes seconds. */
const training = (output: string): string[] => [
  ...["train", join(place, "data.csv"), "--text", "text", "--label", "label", "--model", join(place, "model")],
  ...["--output", join(place, output), "--epochs", "40", "--batch-size", "8", "--max-length", "16", "--threads", "1"],
  ...["--learning-rate", "1e-3", "--ema-decay", "0.9", "--freeze", "embeddings", "--unfreeze-after", "20"],
  ...["--save-steps", "1", "--eval-steps", "9", "--early-stopping-patience", "100", "--json"],
];

interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [main, ...args], { cwd: place });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  return { child, outcome: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })) };
}

const checkpointsOf = (output: string): string[] => {
  const folder = join(place, `${output}.checkpoints`);
  return existsSync(folder) ? readdirSync(folder) : [];
};
const newestOf = (output: string): number =>
  Math.max(-1, ...checkpointsOf(output).map((name) => Number(/^checkpoint-(\d+)/.exec(name)?.[1] ?? -1)));
const weightsOf = (output: string): Promise<Buffer> => readFile(join(place, output, "model.safetensors"));

/** What a training tells at the end, but for times and places. */
function historyOf(stdout: string): unknown {
  const {
    seconds: _,
    output: __,
    epochs,
    ...rest
  } = JSON.parse(stdout) as { epochs: object[] } & Record<string, unknown>;
  return { ...rest, epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0, examplesPerSecond: 0 })) };
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune killed "));
  await writeVariant("float32", join(place, "model"));
  await writeFile(join(place, "data.csv"), readFileSync(tickets, "utf8").split("\n").slice(0, 61).join("\n"));
  const { code, stdout, stderr } = await start(training("whole")).outcome;
  expect(code, stderr).toBe(0);
  whole = (await weightsOf("whole")).toString("base64");
  wholeHistory = historyOf(stdout);
  // The classifier is written: what was there to go on from is gone.
  expect(checkpointsOf("whole")).toEqual([]);
}, 240_000);
afterAll(() => rm(place, { recursive: true, force: true }));

/** Waits for `holds` while the process runs; false when it ended before. */
async function waitUntil(child: ChildProcess, holds: () => boolean): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if (holds()) return true;
    await setTimeout(1);
  }
  return false;
}

/** Starts the training again and again and kills it each time, then lets it end. */
async function trainKilled(
  output: string,
  kills: number,
  moment: (child: ChildProcess) => Promise<boolean>,
): Promise<void> {
  const killedAt: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const { child, outcome } = start([...training(output), ...(killedAt.length === 0 ? [] : ["--resume"])]);
    if (!(await moment(child))) {
      const { code, stderr } = await outcome;
      expect(code, stderr).toBe(0);
      break;
    }
    child.kill("SIGKILL");
    await outcome;
    killedAt.push(newestOf(output));
  }
  if (!existsSync(join(place, output))) {
    const { code, stdout, stderr } = await start([...training(output), "--resume"]).outcome;
    expect(code, `killed at steps ${killedAt}: ${stderr}`).toBe(0);
    expect(historyOf(stdout)).toEqual(wholeHistory);
  }
  expect(killedAt.length).toBeGreaterThan(1);
  expect((await weightsOf(output)).toString("base64") === whole, `killed at steps ${killedAt}`).toBe(true);
  expect(checkpointsOf(output)).toEqual([]);
}

describe("a training that is killed", () => {
  it("comes to the weights of the one that was not, to the bit, whenever it was", { timeout: 400_000 }, async () => {
    await trainKilled("random", 5, async (child) => {
      const before = newestOf("random");
      // Something new has to be there, or it would take for ever.
      if (!(await waitUntil(child, () => newestOf("random") > before))) return false;
      await setTimeout(600 * Math.random());
      return child.exitCode === null;
    });
  });

  it("does so when it is killed while a checkpoint is written", { timeout: 400_000 }, async () => {
    await trainKilled("writing", 5, async (child) => {
      const before = newestOf("writing");
      const isWriting = () => checkpointsOf("writing").some((name) => name.endsWith(".part"));
      return waitUntil(child, () => newestOf("writing") > before + 20 * Math.random() && isWriting());
    });
  });
});

it("does none of its trials twice when it is killed among them, and comes to the same weights", {
  timeout: 240_000,
}, async () => {
  const best = (output: string): string[] => [
    ...["train", tickets, "--text", "text", "--label", "label", "--sample", "160", "--validation-split", "100"],
    ...["--model", join(place, "model"), "--output", join(place, output), "--preset", "best", "--epochs", "2"],
    ...["--max-length", "16", "--threads", "1"],
  ];
  const unbroken = await start(best("best")).outcome;
  expect(unbroken.code, unbroken.stderr).toBe(0);
  expect(unbroken.stderr).toContain("trial 3/3: learningRate 0.0004: macroF1");
  expect(checkpointsOf("best")).toEqual([]);
  const { choices } = JSON.parse(await readFile(join(place, "best", "training.json"), "utf8")) as {
    choices: { option: string; why: string }[];
  };
  expect(choices.find(({ option }) => option === "learningRate")?.why).toMatch(/^tried 0\.0001: macroF1 /);

  const trials = join(place, "killed best.checkpoints", "trials.json");
  const { child, outcome } = start(best("killed best"));
  await waitUntil(child, () => existsSync(trials) && /"done": \[\s+\{/.test(readFileSync(trials, "utf8")));
  child.kill("SIGKILL");
  await outcome;
  const again = await start([...best("killed best"), "--resume"]).outcome;
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).not.toContain("trial 1/3");
  expect(again.stderr).toContain("trial 3/3");
  expect((await weightsOf("killed best")).equals(await weightsOf("best"))).toBe(true);
  expect(checkpointsOf("killed best")).toEqual([]);
});

it("goes on after Ctrl-C, and says how", { timeout: 240_000 }, async () => {
  const { child, outcome } = start(training("stopped"));
  await waitUntil(child, () => newestOf("stopped") > 10);
  child.kill("SIGINT");
  const { code, stderr } = await outcome;
  expect(code).toBe(130);
  expect(stderr).toContain("go on by the same command with --resume");
  const again = await start([...training("stopped"), "--resume"]).outcome;
  expect(again.code, again.stderr).toBe(0);
  expect((await weightsOf("stopped")).toString("base64") === whole).toBe(true);
});

describe("what cannot go on", () => {
  /** A training that was killed in its first seconds. */
  beforeAll(async () => {
    const { child, outcome } = start(training("broken"));
    await waitUntil(child, () => newestOf("broken") >= 3);
    child.kill("SIGKILL");
    await outcome;
  }, 120_000);

  const refusedBy = async (args: readonly string[]): Promise<string> => {
    const { code, stderr } = await start(args).outcome;
    expect([1, 2]).toContain(code);
    expect(stderr).not.toContain("    at ");
    return stderr;
  };

  it("is refused by name: nothing there, other data, another model, another option", { timeout: 240_000 }, async () => {
    expect(await refusedBy([...training("nowhere"), "--resume"])).toContain("expected a checkpoint in");
    expect(existsSync(join(place, "nowhere.checkpoints"))).toBe(false);
    expect(await refusedBy(training("broken"))).toContain("no checkpoint of an interrupted training");
    expect(await refusedBy([...training("broken"), "--resume", "--learning-rate", "2e-3"])).toContain(
      "--learning-rate: expected 0.001, as in the checkpoint, got 0.002",
    );
    await writeFile(join(place, "other.csv"), `${readFileSync(join(place, "data.csv"), "utf8")}\n"one more",billing`);
    const otherData = training("broken").with(1, join(place, "other.csv"));
    expect(await refusedBy([...otherData, "--resume"])).toContain("a training with the same data");
    await cp(join(place, "whole"), join(place, "other model"), { recursive: true });
    const otherModel = training("broken").with(7, join(place, "other model"));
    expect(await refusedBy([...otherModel, "--resume"])).toContain("a training with the same model");
  });

  it("goes on from the checkpoint before a damaged one, and says so", { timeout: 240_000 }, async () => {
    const newest = newestOf("broken");
    const path = join(place, "broken.checkpoints", `checkpoint-${newest}.safetensors`);
    const bytes = await readFile(path);
    bytes[bytes.length - 5] ^= 0x10;
    await writeFile(path, bytes);
    const { child, outcome } = start([...training("broken"), "--resume"]);
    // A second one at the same time is refused.
    await waitUntil(child, () => newestOf("broken") > newest);
    expect(await refusedBy([...training("broken"), "--resume"])).toContain(`another one at work, process ${child.pid}`);
    const { code, stderr } = await outcome;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`checkpoint-${newest} is left out`);
    expect((await weightsOf("broken")).toString("base64") === whole).toBe(true);
  });
});
