/** What runs have in common and where they differ. */
import type { RunDetails } from "../../src/studio/wire/runs.js";

/** One value of several runs. */
export interface ComparedValue {
  readonly name: string;
  /** One for each run; undefined where it has none. */
  readonly values: readonly unknown[];
  readonly isSame: boolean;
}

export function compareValues(all: readonly Readonly<Record<string, unknown>>[]): ComparedValue[] {
  const names = [...new Set(all.flatMap((values) => Object.keys(values)))];
  return names.map((name) => {
    const values = all.map((one) => one[name]);
    const first = JSON.stringify(values[0]);
    return { name, values, isSame: values.every((value) => JSON.stringify(value) === first) };
  });
}

/** What a run was made with: data, versions, machine, source. */
export function surroundings({ environment }: RunDetails): Record<string, unknown> {
  const { versions, machine, git, data = {}, model = {} } = environment;
  const parts = Object.entries(data).flatMap(([part, facts]) =>
    typeof facts === "object" && facts !== null
      ? Object.entries(facts).map(([name, value]): [string, unknown] => [`${part} data, ${name}`, value])
      : [[part, facts] as [string, unknown]],
  );
  return {
    ...Object.fromEntries(parts),
    ...Object.fromEntries(Object.entries(model).map(([name, value]) => [`model, ${name}`, value])),
    ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [`version of ${name}`, version])),
    "git commit": git?.commit,
    machine: machine.host,
    processor: machine.processor,
    cores: machine.cores,
  };
}

/** Which of the values is best; undefined where they are no numbers, all the same, or nobody knows what is better. */
export function bestOf({ name, values }: ComparedValue): number | undefined {
  const numbers = values.map((value) => (typeof value === "number" ? value : Number.NaN));
  const held = numbers.filter((value) => !Number.isNaN(value));
  const last = name.split("/").at(-1) ?? name;
  const isHigher = /accuracy|f1|precision|recall|matthews|auc|r2|pearson|spearman/i.test(last);
  const isLower = /loss|error|brier|rmse|mae|mse/i.test(last);
  if (held.length < 2 || !(isHigher || isLower) || Math.min(...held) === Math.max(...held)) return undefined;
  return numbers.indexOf(isHigher ? Math.max(...held) : Math.min(...held));
}
