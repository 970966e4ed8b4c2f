/** Sweeps on the command line. Needs the build in dist/, which `npm test` makes. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { noPostgres, startPostgres } from "../support/postgres.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));
const { TEXTUNE_STORE: _, ...environment } = process.env;

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "textune sweep cli "));
  writeFileSync(join(place, "tickets.csv"), readFileSync(tickets, "utf8").split("\n").slice(0, 41).join("\n"));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Runs the command; it is interrupted once it has said `until`. */
function textune(
  words: readonly string[],
  until?: RegExp,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [main, ...words], { cwd: place, env: environment });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (piece: Buffer) => (stdout += piece));
  child.stderr.on("data", (piece: Buffer) => {
    if (until?.test(stderr) === false && until.test(stderr + piece)) child.kill("SIGINT");
    stderr += piece;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

interface Shown {
  readonly id: string;
  readonly best: { readonly setting: Record<string, number>; readonly value: number };
  readonly importance: readonly { readonly name: string }[];
  readonly trials: readonly { readonly state: string; readonly attempt: number; readonly setting: object }[];
}

it("trains with each setting, and says the best and the command for it", async () => {
  writeFileSync(
    join(place, "sweep.yaml"),
    "method: grid\nmetric: { name: val_loss }\nparameters: { learning_rate: { values: [1e-9, 5e-4] } }\n",
  );
  const words = ["--data", "tickets.csv", "--text", "text", "--label", "label", "--epochs", "1", "--max-length", "16"];
  const { code, stdout, stderr } = await textune(["sweep", "sweep.yaml", ...words, "--workers", "2"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("Best: trial 1");
  expect(stdout).toContain(
    "textune train tickets.csv --text text --label label --epochs 1 --max-length 16 --learning-rate 0.0005 --output my-classifier",
  );
  const id = /sweep (\w{8}):/.exec(stderr)?.[1] as string;
  const runs = JSON.parse((await textune(["runs", "list", "--group", id, "--json"])).stdout) as {
    readonly runs: readonly { readonly config: { readonly learningRate: number }; readonly state: string }[];
  };
  expect(runs.runs.map(({ config, state }) => [config.learningRate, state]).sort()).toEqual([
    [0.0005, "finished"],
    [1e-9, "finished"],
  ]);
}, 120_000);

it("stops at Ctrl-C, goes on where it was, and shows what it came to", async () => {
  writeFileSync(
    join(place, "slow.mjs"),
    `const [, , rate] = process.argv.map((word) => Number(word.split("=")[1]));
     if (process.argv.length > 3) process.exit(9);
     await new Promise((resolve) => setTimeout(resolve, rate > 2 ? 700 : 50));
     console.log(JSON.stringify({ loss: rate }));`,
  );
  writeFileSync(
    join(place, "slow.yaml"),
    "program: slow.mjs\nmethod: grid\nname: slow\nmetric: { name: loss }\nparameters: { rate: { min: 1, max: 5 } }\n",
  );
  const stopped = await textune(["sweep", "slow.yaml"], /trial 1 finished/);
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toMatch(/go on by textune sweep resume \w{8}/);
  const resumed = await textune(["sweep", "resume", "slow", "--workers", "3"]);
  expect(resumed.code, resumed.stderr).toBe(0);
  const shown = JSON.parse((await textune(["sweep", "show", "slow", "--json"])).stdout) as Shown;
  expect(shown.trials.map(({ state, attempt }) => [state, attempt])).toEqual([
    ["finished", 1],
    ["finished", 1],
    ["finished", 2],
    ["finished", 1],
    ["finished", 1],
  ]);
  expect(shown.best).toMatchObject({ setting: { rate: 1 }, value: 1 });
  expect(shown.importance).toMatchObject([{ name: "rate" }]);
  expect((await textune(["sweep", "list"])).stdout).toMatch(/slow\s.*5 of 5/);
}, 60_000);

it.skipIf(noPostgres !== undefined)(
  "hands trials to workers through a PostgreSQL server",
  async () => {
    const server = await startPostgres();
    try {
      const dir = server.database();
      writeFileSync(
        join(place, "quick.yaml"),
        "program: slow.mjs\nmethod: random\nmetric: { name: loss }\nparameters: { rate: { min: 1, max: 2 } }\nrun_cap: 3\n",
      );
      const queued = await textune(["sweep", "quick.yaml", "--queue", "--dir", dir, "--json"]);
      expect(queued.code, queued.stderr).toBe(0);
      const { id, trials } = JSON.parse(queued.stdout) as { readonly id: string; readonly trials: number };
      expect(trials).toBe(3);
      const workers = await Promise.all([1, 2].map(() => textune(["worker", "--drain", "--dir", dir, "--json"])));
      expect(workers.map(({ code }) => code)).toEqual([0, 0]);
      const ended = workers.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line !== ""));
      expect(ended.map((line) => (JSON.parse(line) as { number: number }).number).sort()).toEqual([0, 1, 2]);
      const shown = JSON.parse((await textune(["sweep", "show", id, "--dir", dir, "--json"])).stdout) as Shown;
      expect(shown.trials.map(({ state }) => state)).toEqual(Array.from({ length: 3 }, () => "finished"));
    } finally {
      server.stop();
    }
  },
  120_000,
);

it("says in words what is wrong", async () => {
  const write = (text: string): void => writeFileSync(join(place, "wrong.yaml"), text);
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ["method: bays\nparameters: { a: { value: 1 } }", [], 2, /did you mean "bayes"/],
    [
      "method: random\nparameters: { learnin_rate: { min: 0.1, max: 0.2 } }",
      ["--data", "tickets.csv"],
      2,
      /did you mean "learningRate"/,
    ],
    [
      "method: random\nparameters: { dropout: { min: 0.5, max: 2.5 } }",
      ["--data", "tickets.csv"],
      2,
      /parameter dropout: expected a number below 1/,
    ],
    [
      "method: random\nparameters: { lr: { value: 1 }, learning_rate: { value: 1 } }",
      ["--data", "tickets.csv"],
      2,
      /one for each option/,
    ],
    [
      "method: random\nparameters: { epochs: { value: 1 } }",
      ["--data", "tickets.csv", "--epochs", "2"],
      2,
      /in the sweep file or here/,
    ],
    ["method: random\nparameters: { epochs: { value: 1 } }", [], 2, /add --data FILE/],
    [
      "method: random\nprogram: x.py\nparameters: { a: { value: 1 } }",
      ["--data", "tickets.csv"],
      2,
      /nothing of training beside a program/,
    ],
    ["method: random\nparameters: { a: [", [], 2, /line 2/],
  ];
  for (const [text, words, code, said] of cases) {
    write(text);
    const outcome = await textune(["sweep", "wrong.yaml", ...words]);
    expect([text, outcome.code], outcome.stderr).toEqual([text, code]);
    expect(outcome.stderr).toMatch(said);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
  }
  expect((await textune(["sweep", "gone.yaml"])).stderr).toContain("no such file");
  expect((await textune(["worker", "--drain"])).stderr).toMatch(/expected runs on a PostgreSQL server/);
  write("method: grid\nprogram: gone.mjs\nmetric: { name: loss }\nparameters: { a: { min: 1, max: 9 } }");
  const hopeless = await textune(["sweep", "wrong.yaml"]);
  expect(hopeless.code).toBe(1);
  expect(hopeless.stderr).toMatch(/trial 2 failed/);
  expect(hopeless.stderr).not.toMatch(/trial 3/);
  write(
    "method: random\nprogram: gone.mjs\nrun_cap: 2\nparameters: { a: { distribution: log_uniform, min: 1e-5, max: 1e-3 }, b: { values: [red, blue] } }",
  );
  const few = await textune(["sweep", "wrong.yaml"]);
  expect(few.code).toBe(1);
  expect(few.stderr).toContain("over a 1 to 1.001, b red or blue; 2 trials");
  expect(few.stderr).toContain("expected a trial that goes well, got failures alone");
}, 120_000);
