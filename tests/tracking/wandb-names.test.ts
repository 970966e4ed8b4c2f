/** The names of Weights & Biases, in camelCase: those that seed programs and W&B's documentation call. */
import { expect, it } from "vitest";
import { openSweepConfig } from "../../src/search/sweep-config.js";
import { Artifact, agent, init, sweep, Table } from "../../src/tracking/index.js";
import { initOptions } from "../../src/tracking/options.js";

/** W&B's parameters of `init`, and why one is not there. @source https://docs.wandb.ai/ref/python/init */
const INIT: Readonly<Record<string, string>> = {
  project: "",
  group: "",
  job_type: "",
  name: "",
  tags: "",
  notes: "",
  config: "",
  mode: "",
  id: "",
  resume: "",
  dir: "",
  settings: "",
  entity: "there are no accounts",
  config_exclude_keys: "leave them out of config",
  config_include_keys: "put them alone into config",
  save_code: "the Git commit is recorded",
  allow_val_change: "config may always change",
  force: "there is nothing to log in to",
  reinit: "several runs may be open at once",
  resume_from: "not there",
  fork_from: "not there",
  sync_tensorboard: "textune runs import reads its files",
  monitor_gym: "not there",
  anonymous: "there are no accounts",
};

/** W&B's members of a run. */
const RUN = [
  ...["alert", "config", "define_metric", "finish", "group", "id", "job_type", "log", "log_artifact", "name", "notes"],
  ...["project", "resumed", "start_time", "step", "summary", "tags", "use_artifact"],
];
const ARTIFACT = ["add_dir", "add_file", "description", "metadata", "name", "type"];
const TABLE = ["add_data", "columns"];

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

it("has W&B's options of init, but those that have no meaning here", () => {
  const names = Object.keys(initOptions.shape);
  for (const [name, why] of Object.entries(INIT))
    expect([name, names.includes(camelCase(name))]).toEqual([name, why === ""]);
});

it("has W&B's members of runs, artifacts and tables", async () => {
  const run = await init({ mode: "disabled" });
  const has = (thing: object, names: readonly string[]): string[] =>
    names.filter((name) => !(camelCase(name) in thing));
  expect(has(run, RUN)).toEqual([]);
  expect(has(new Artifact({ name: "a", type: "b" }), ARTIFACT)).toEqual([]);
  expect(has(new Table({ columns: [] }), TABLE)).toEqual([]);
});

/** The keys of W&B's sweeps. @source https://github.com/wandb/sweeps, src/sweeps/config/schema.json */
const SWEEP = {
  ...{ apiVersion: "1", kind: "sweep", controller: { type: "local" }, description: "of rates", entity: "team" },
  ...{ program: "train.py", project: "reviews", name: "rates", method: "random", run_cap: 3, job: "", image_uri: "" },
  command: ["python3"],
  metric: { name: "loss", goal: "minimize", target: 0, impute: "worst", impute_while_running: "false" },
  early_terminate: { type: "hyperband", min_iter: 3, max_iter: 27, s: 2, eta: 3, strict: true },
  parameters: { rate: { min: 1, max: 2 } },
};

it("takes W&B's sweeps as they are, and has its two functions", () => {
  expect(openSweepConfig(SWEEP).config).toMatchObject({ program: "train.py", run_cap: 3 });
  expect([sweep.name, agent.name]).toEqual(["sweep", "agent"]);
});

it("runs what the program of seed 002 calls", async () => {
  const config = { label_list: [0, 1], max_seq_length: 128, learning_rate: 2e-5, model_name: "BERT_EN_UNCASED" };
  const run = await init({
    project: "Finetune-BERT-Text-Classification",
    config,
    group: "BERT_EN_UNCASED",
    jobType: "train",
    mode: "disabled",
  });
  run.log({ loss: 0.2, binary_accuracy: 0.95, precision_at_recall: 0.7 });
  const artifact = new Artifact({ name: `${config.model_name}`, type: "model" });
  artifact.addFile("BERT_EN_UNCASED.h5");
  await run.logArtifact(artifact);
  await run.finish();
  expect(run.summary.loss).toBe(0.2);
});
