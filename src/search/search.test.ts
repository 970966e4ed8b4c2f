import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { bayes } from "./bayes.js";
import type { Value } from "./distributions.js";
import { bandsOf, type EarlyTermination, earlyTermination, trialsToStop } from "./early-termination.js";
import { grid } from "./grid.js";
import { importanceOf } from "./importance.js";
import type { Method, PastTrial } from "./method.js";
import { randomSearch } from "./random-search.js";
import { readSweepConfig } from "./read-sweep-config.js";
import { nested, openSpace, type Setting, type Space } from "./space.js";
import { openSweepConfig } from "./sweep-config.js";

/** Made by scripts/golden/sweep_search.py: what wandb/sweeps and Optuna say. */
const golden = JSON.parse(readFileSync(new URL("../../tests/golden/sweep-search.json", import.meta.url), "utf8")) as {
  readonly at: readonly number[];
  readonly quantiles: readonly { readonly parameter: Record<string, unknown>; readonly values: readonly Value[] }[];
  readonly stops: readonly {
    readonly rule: object;
    readonly goal: string;
    readonly trials: readonly { readonly values: readonly number[]; readonly running: boolean }[];
    readonly stopped: readonly number[];
  }[];
  readonly fanova: {
    readonly trials: readonly { readonly setting: Setting; readonly cost: number }[];
    readonly importance: Readonly<Record<string, number>>;
  };
};

describe("the distributions of W&B", () => {
  it.each(golden.quantiles.map((one) => [JSON.stringify(one.parameter), one] as const))(
    "%s has the values of wandb/sweeps",
    (_, { parameter, values }) => {
      const [{ dimension }] = openSpace({ p: parameter }) as [Space[number]];
      for (const [i, u] of golden.at.entries()) {
        const value = dimension.at(u);
        const expected = values[i];
        if (typeof expected === "number") expect(value).toBeCloseTo(expected, expected < 1e-2 ? 11 : 9);
        else expect(value).toEqual(expected);
      }
    },
  );

  it("round halves to even, as numpy does", () => {
    const [{ dimension }] = openSpace({ p: { distribution: "q_uniform", min: 0, max: 4, q: 1 } }) as [Space[number]];
    expect([0.5, 1.5, 2.5, 3.5].map((x) => dimension.at(x / 4))).toEqual([0, 2, 2, 4]);
  });

  it("rank a value where it was drawn", () => {
    for (const { parameter } of golden.quantiles) {
      const [{ dimension }] = openSpace({ p: parameter }) as [Space[number]];
      for (let u = 0.05; u < 1; u += 0.1) {
        const value = dimension.at(u);
        expect(dimension.at(Math.min(dimension.rank(value), 1 - 1e-12))).toEqual(
          typeof value === "number" ? expect.closeTo(value, 8) : value,
        );
      }
    }
  });
});

it.each(golden.stops.map((one) => [`${JSON.stringify(one.rule)}, ${one.goal}`, one] as const))(
  "stops the trials that wandb/sweeps stops: %s",
  (_, { rule, goal, trials, stopped }) => {
    const histories = trials.map(({ values, running }) => ({
      costs: values.map((value) => (goal === "maximize" ? -value : value)),
      isRunning: running,
    }));
    expect(trialsToStop(earlyTermination.parse(rule), histories)).toEqual(stopped);
  },
);

it("halves by ASHA: the first to come goes on, later ones where they are among the best share", () => {
  const rule: EarlyTermination = { type: "asha", min_iter: 1, eta: 2 };
  expect(bandsOf({ ...rule, max_iter: 9 })).toEqual([1, 2, 4, 8]);
  const trial = (...costs: number[]) => ({ costs, isRunning: true });
  expect(trialsToStop(rule, [trial(5)])).toEqual([]);
  expect(trialsToStop(rule, [trial(5), trial(3)])).toEqual([0]);
  // Fewer than eta are there: the best of them goes on.
  expect(trialsToStop({ ...rule, eta: 4 }, [trial(5), trial(3)])).toEqual([0]);
  expect(trialsToStop(rule, [trial(5, 1), trial(3), trial(4), trial(Number.NaN)])).toEqual([3]);
  expect(trialsToStop(rule, [{ costs: [5], isRunning: false }, trial(9), trial(4)])).toEqual([1]);
});

describe("conditional parameters", () => {
  const space = openSpace({
    adamBeta1: { min: 0.8, max: 0.95, when: { optim: ["adamw", "adam"] } },
    optim: { values: ["adamw", "sgd"] },
    momentum: { values: [0, 0.9], when: { optim: "sgd" } },
  });

  it("are in a setting only where they count", () => {
    const random = createRandom(3);
    for (let number = 0; number < 50; number++) {
      const setting = randomSearch.suggest(space, number, [], random);
      expect("adamBeta1" in setting).toBe(setting.optim === "adamw");
      expect("momentum" in setting).toBe(setting.optim === "sgd");
    }
  });

  it("make no combinations of a grid where they do not", () => {
    const discrete = openSpace({
      optim: { values: ["adamw", "sgd"] },
      momentum: { values: [0, 0.9], when: { optim: "sgd" } },
    });
    const all = Array.from({ length: grid.size(discrete) ?? 0 }, (_, n) =>
      grid.suggest(discrete, n, [], createRandom(0)),
    );
    expect(all).toEqual([{ optim: "adamw" }, { optim: "sgd", momentum: 0 }, { optim: "sgd", momentum: 0.9 }]);
  });

  it("are refused where they name none, or each other", () => {
    expect(() => openSpace({ a: { value: 1, when: { learningRat: 1 } }, learningRate: { value: 1 } })).toThrow(
      /did you mean "learningRate"/,
    );
    expect(() => openSpace({ a: { value: 1, when: { b: 1 } }, b: { value: 1, when: { a: 1 } } })).toThrow(/circle/);
  });
});

it("goes through a grid as itertools.product does, nested parameters too", () => {
  const space = openSpace({ a: { values: [1, 2] }, b: { parameters: { c: { min: 3, max: 5 } } }, d: { value: "x" } });
  expect(grid.size(space)).toBe(6);
  const all = Array.from({ length: 6 }, (_, n) => nested(space, grid.suggest(space, n, [], createRandom(0))));
  expect(all.map(({ a, b }) => [a, (b as { c: number }).c])).toEqual([
    [1, 3],
    [1, 4],
    [1, 5],
    [2, 3],
    [2, 4],
    [2, 5],
  ]);
  expect(() => grid.size(openSpace({ a: { min: 0.5, max: 1.5 } }))).toThrow(/parameter a: expected values/);
});

/** The lowest cost that a method finds in `trials` trials. */
function lowest(
  method: Method,
  space: Space,
  cost: (setting: Setting) => number,
  trials: number,
  seed: number,
): number {
  const past: PastTrial[] = [];
  const random = createRandom(seed);
  for (let number = 0; number < trials; number++) {
    const setting = method.suggest(space, number, past, random);
    past.push({ setting, cost: cost(setting) });
  }
  return Math.min(...past.map((trial) => trial.cost as number));
}

describe("bayes", () => {
  const real = { distribution: "uniform" };
  const plane = openSpace({ x: { ...real, min: -5, max: 10 }, y: { ...real, min: 0, max: 15 } });
  const branin = (s: Setting): number => {
    const [x, y] = [s.x as number, s.y as number];
    const a = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
    return a * a + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  };

  it("comes within a hundredth of Branin's minimum in 30 trials, where random search stays above a tenth", () => {
    for (const seed of [1, 2]) {
      expect(lowest(bayes, plane, branin, 30, seed)).toBeLessThan(0.3979 + 0.01);
      expect(lowest(randomSearch, plane, branin, 30, seed)).toBeGreaterThan(0.3979 + 0.1);
    }
  });

  it("searches classes and conditions, past trials that failed", () => {
    const space = openSpace({
      kind: { values: ["a", "b", "c"] },
      rate: { distribution: "log_uniform_values", min: 1e-5, max: 1e-1, when: { kind: ["b", "c"] } },
    });
    const cost = ({ kind, rate }: Setting): number => {
      if (kind === "a") return 1;
      if (kind === "c" && (rate as number) > 1e-3) return Number.POSITIVE_INFINITY;
      return (kind === "b" ? 0.5 : 0) + Math.abs(Math.log10(rate as number) + 4) / 4;
    };
    expect(lowest(bayes, space, cost, 25, 1)).toBeLessThan(0.03);
  });

  it("does not try again what is running or done, and gives the same for the same seed", () => {
    const space = openSpace({ a: { min: 1, max: 3 }, b: { values: ["x", "y"] } });
    const past: PastTrial[] = [];
    for (let number = 0; number < 6; number++) {
      const setting = bayes.suggest(space, number, past, createRandom(5));
      expect(bayes.suggest(space, number, past, createRandom(5))).toEqual(setting);
      past.push({ setting, cost: number === 5 ? undefined : (setting.a as number) });
    }
    const known = new Set(past.slice(4).map(({ setting }) => JSON.stringify(setting)));
    expect(known.size).toBe(2);
    // The one that is left is tried, however bad it promises to be.
    const all = [1, 2, 3].flatMap((a) => ["x", "y"].map((b) => ({ a, b })));
    const tried = all.slice(0, 5).map((setting) => ({ setting, cost: setting.a ** 3 }));
    expect(bayes.suggest(space, 9, tried, createRandom(5))).toEqual(all[5]);
  });
});

it("finds the importance that Optuna's fANOVA finds, and none where nothing was searched", () => {
  const { trials, importance } = golden.fanova;
  const space = openSpace({
    x: { distribution: "uniform", min: 0, max: 1 },
    y: { distribution: "log_uniform_values", min: 1e-4, max: 1 },
    kind: { values: ["a", "b"] },
    idle: { distribution: "uniform", min: 0, max: 1 },
  });
  const found = importanceOf(space, trials);
  expect(found.map(({ name }) => name).slice(0, 2)).toEqual(["x", "y"]);
  for (const { name, importance: own, deviation } of found) {
    expect(Math.abs(own - (importance[name] as number))).toBeLessThan(0.05);
    expect(deviation).toBeGreaterThan(0);
    expect(deviation).toBeLessThan(0.2);
  }
  expect(importanceOf(space, trials.slice(0, 3))).toEqual([]);
  expect(
    importanceOf(
      space,
      trials.map(({ setting }) => ({ setting, cost: 1 })),
    ),
  ).toEqual([]);
});

describe("a sweep's YAML", () => {
  const open = (text: string) => openSweepConfig(readSweepConfig(text, "sweep.yaml"), "sweep.yaml");

  it("is read as PyYAML reads it for W&B: 1 and 1.0 differ, yes is true, and 1e-5 is a number", () => {
    const { config, size } = open(`
program: train.py
method: grid
metric: { name: val_loss, goal: minimize }
parameters:
  layers: { min: 1, max: 3 }
  cased: { values: [yes, no] }
  rates: { values: [1e-5, 3.0e-5] }
early_terminate: { type: hyperband, min_iter: 3 }
run_cap: 5
command: ["\${env}", python3, "\${program}", "\${args}"]
`);
    expect(size).toBe(5);
    expect(config.parameters).toEqual({
      layers: { min: 1, max: 3, distribution: "int_uniform" },
      cased: { values: [true, false] },
      rates: { values: [1e-5, 3e-5] },
    });
    expect(open("method: random\nparameters: { a: { min: 0.0, max: 1.0 } }").config.parameters).toEqual({
      a: { min: 0, max: 1, distribution: "uniform" },
    });
  });

  it.each([
    ["method: bays\nparameters: { a: { value: 1 } }", /method: .*"bays"; did you mean "bayes"/],
    ["method: grid\nmetrik: 1\nparameters: { a: { value: 1 } }", /metrik: .*did you mean "metric"/],
    ["method: bayes\nparameters: { a: { value: 1 } }", /metric: expected a metric, which method bayes goes by/],
    ["method: random\nparameters: { a: { distribution: unifrm, min: 1, max: 2 } }", /did you mean "uniform"/],
    ["method: random\nparameters: { a: { min: 2, max: 1 } }", /min of at most max/],
    ["method: random\nparameters: { a: { min: low, max: 1 } }", /expected value, values, min and max as numbers/],
    ["method: random\nparameters: { a: 3 }", /write a: { value: 3 }/],
    ["method: random\nparameters: {}", /one parameter at least/],
    ["method: random\nparameters: { a: { value: 1 } }\nearly_terminate: { type: median }", /hyperband or asha/],
    ["method: random\nparameters: { a: [", /sweep\.yaml, line 2: expected YAML/],
    ["", /expected method, parameters and metric/],
    ["- 1", /expected method, parameters and metric/],
  ])("is refused in words: %s", (text, said) => {
    expect(() => open(text)).toThrow(said);
  });
});
