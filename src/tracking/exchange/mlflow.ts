/**
 * A run to an MLflow server, over its REST interface.
 *
 * @source https://mlflow.org/docs/latest/rest-api.html, version 2.0 of the interface; limits of `log-batch` there
 */
import { fail } from "../../base/errors.js";
import type { RunDetails } from "../queries/runs.js";
import type { Store } from "../store/node/open-store.js";
import { pointsOf } from "./points.js";

const MOST_METRICS = 1000;
const MOST_PARAMS = 100;
const LONGEST_PARAM = 6000;
const LONGEST_NAME = 250;

interface Metric {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

/**
 * Sends a run. Its project is the experiment.
 *
 * @returns the address of the run on the server
 * @throws E_STORE where the server cannot be reached or refuses
 */
export async function sendToMlflow(store: Store, run: RunDetails, server: string): Promise<string> {
  const call = caller(server);
  const experiment = await experimentOf(call, run.project);
  const tags = [
    { key: "textune.id", value: run.id },
    { key: "mlflow.note.content", value: run.notes },
    ...run.tags.map((tag) => ({ key: `textune.tag.${mlflowName(tag)}`, value: "true" })),
  ];
  const { run: made } = (await call("runs/create", {
    experiment_id: experiment,
    run_name: run.name,
    start_time: Math.round(run.createdAt),
    tags: tags.filter(({ value }) => value !== ""),
  })) as { readonly run: { readonly info: { readonly run_id: string } } };
  const id = made.info.run_id;
  const params = Object.entries(run.config).map(([key, value]) => ({
    key: mlflowName(key),
    value: (typeof value === "string" ? value : JSON.stringify(value)).slice(0, LONGEST_PARAM),
  }));
  for (let start = 0; start < params.length; start += MOST_PARAMS)
    await call("runs/log-batch", { run_id: id, params: params.slice(start, start + MOST_PARAMS) });
  for await (const points of pointsOf(store, run)) {
    const metrics = points.map(
      ({ metric, step, time, value }): Metric => ({
        key: mlflowName(metric),
        value: Number.isFinite(value) ? value : String(value),
        timestamp: Math.round(time),
        step,
      }),
    );
    for (let start = 0; start < metrics.length; start += MOST_METRICS)
      await call("runs/log-batch", { run_id: id, metrics: metrics.slice(start, start + MOST_METRICS) });
  }
  const status = { finished: "FINISHED", failed: "FAILED", killed: "KILLED", crashed: "FAILED", running: "RUNNING" }[
    run.state
  ];
  await call("runs/update", {
    run_id: id,
    status,
    ...(run.endedAt === undefined ? {} : { end_time: Math.round(run.endedAt) }),
  });
  return `${server.replace(/\/$/, "")}/#/experiments/${experiment}/runs/${id}`;
}

/** MLflow takes letters, digits, `_`, `-`, `.`, `/` and spaces. */
function mlflowName(name: string): string {
  return name.replace(/[^\w\-./ ]/g, "_").slice(0, LONGEST_NAME);
}

type Call = (path: string, body: object, get?: boolean) => Promise<unknown>;

async function experimentOf(call: Call, name: string): Promise<string> {
  const found = (await call("experiments/search", {
    filter: `name = '${name.replaceAll("'", "\\'")}'`,
    max_results: 1,
  })) as {
    readonly experiments?: readonly { readonly experiment_id: string }[];
  };
  const first = found.experiments?.[0];
  if (first !== undefined) return first.experiment_id;
  const made = (await call("experiments/create", { name })) as { readonly experiment_id: string };
  return made.experiment_id;
}

function caller(server: string): Call {
  const base = `${server.replace(/\/$/, "")}/api/2.0/mlflow/`;
  return async (path, body) => {
    const refused = (got: string, cause?: unknown): never =>
      fail(
        "E_STORE",
        {
          where: `${server}, ${path}`,
          expected: "an answer from MLflow",
          got,
          fix: "check the address and the server",
        },
        cause,
      );
    const response = await fetch(base + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).catch((error: unknown) =>
      refused(error instanceof Error ? String(error.cause ?? error.message) : "none", error),
    );
    const text = await response.text();
    if (!response.ok) return refused(`${response.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text);
  };
}
