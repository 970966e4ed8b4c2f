/** Whether two runs came to the same, number by number. */
import type { Environment } from "../environment.js";
import type { Store } from "../store/node/open-store.js";
import type { RunDetails } from "./runs.js";

/** What is not the same about the surroundings of two runs. */
export interface SurroundingDifference {
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** How one metric of two runs compares. */
export interface MetricDifference {
  readonly metric: string;
  /** Points of the first and of the second. */
  readonly points: readonly [number, number];
  /** The first step at which they differ; undefined where they are the same bits. */
  readonly firstStep: number | undefined;
  /** Largest difference of values at the same place; NaN where one is no number and the other is. */
  readonly largest: number;
}

/** Metrics that tell of time and of the machine, which never are the same. */
const TIMED = /(?:^system\.|seconds$|milliseconds$|PerSecond$)/i;

/** Where versions, machine, source and data of two runs differ. */
export function surroundingDifferences(first: Environment, second: Environment): SurroundingDifference[] {
  const facts = ({ versions, machine, git, data }: Environment): Record<string, unknown> => {
    const parts = (data ?? {}) as Readonly<Record<string, { readonly fingerprint?: string; readonly rows?: number }>>;
    return {
      ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [`version of ${name}`, version])),
      processor: machine.processor,
      cores: machine.cores,
      system: machine.system,
      "git commit": git?.commit,
      ...Object.fromEntries(
        Object.entries(parts).flatMap(([part, one]) => [
          [`${part} data, rows`, one.rows],
          [`${part} data, fingerprint`, one.fingerprint],
        ]),
      ),
    };
  };
  const [before, after] = [facts(first), facts(second)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((what) => before[what] !== after[what])
    .map((what) => ({ what, before: before[what], after: after[what] }));
}

/** Every metric that both runs or one have, but those of time. */
export async function compareMetrics(
  store: Store,
  first: RunDetails,
  second: RunDetails,
): Promise<readonly MetricDifference[]> {
  const names = new Set(
    [...first.metrics, ...second.metrics].map(({ name }) => name).filter((name) => !TIMED.test(name)),
  );
  const found: MetricDifference[] = [];
  for (const metric of [...names].sort()) {
    const a = await valuesOf(store, first.id, metric);
    const b = await valuesOf(store, second.id, metric);
    let firstStep: number | undefined;
    let largest = 0;
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const [x, y] = [a[i], b[i]];
      if (x !== undefined && y !== undefined && x.step === y.step && Object.is(x.value, y.value)) continue;
      firstStep ??= Math.min(x?.step ?? Number.POSITIVE_INFINITY, y?.step ?? Number.POSITIVE_INFINITY);
      const difference = Math.abs((x?.value ?? Number.NaN) - (y?.value ?? Number.NaN));
      largest = Number.isNaN(difference) ? difference : Math.max(largest, difference);
    }
    found.push({ metric, points: [a.length, b.length], firstStep, largest });
  }
  return found;
}

async function valuesOf(store: Store, runId: string, name: string): Promise<{ step: number; value: number }[]> {
  const rows = await store.db
    .selectFrom("points")
    .innerJoin("series", "series.id", "points.series_id")
    .select(["step", "value"])
    .where("series.run_id", "=", runId)
    .where("series.name", "=", name)
    .orderBy("seq")
    .execute();
  return rows.map(({ step, value }) => ({ step, value: value ?? Number.NaN }));
}
