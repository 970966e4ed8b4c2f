/** Every combination, the last parameter changing fastest. */
import { fail } from "../base/errors.js";
import type { Value } from "./distributions.js";
import type { Method } from "./method.js";
import { counts, type Setting, type Space } from "./space.js";

/** Combinations that are written down where parameters depend on others. */
const MOST = 1_000_000;

export const grid: Method = {
  name: "grid",
  needsMetric: false,
  size(space) {
    const choices = choicesOf(space);
    return space.some(({ when }) => when.length > 0)
      ? combinations(space, choices).length
      : choices.reduce((product, values) => product * values.length, 1);
  },
  suggest(space, number) {
    const choices = choicesOf(space);
    if (space.some(({ when }) => when.length > 0)) return combinations(space, choices)[number] as Setting;
    let rest = number;
    const values = choices
      .map((all) => all)
      .reverse()
      .map((all) => {
        const value = all[rest % all.length] as Value;
        rest = Math.floor(rest / all.length);
        return value;
      })
      .reverse();
    return Object.fromEntries(space.map(({ name }, i) => [name, values[i] as Value]));
  },
};

function choicesOf(space: Space): (readonly Value[])[] {
  return space.map(({ name, dimension }) => {
    if (dimension.choices !== undefined) return dimension.choices;
    return fail("E_CONFIG", {
      where: `parameter ${name}`,
      expected: "values, whole numbers, or q_uniform, as a grid needs",
      got: "a distribution of endless values",
      fix: "list its values, or use method random or bayes",
    });
  });
}

function combinations(space: Space, choices: readonly (readonly Value[])[]): Setting[] {
  let all: Setting[] = [{}];
  for (const [i, parameter] of space.entries()) {
    all = all.flatMap((setting) =>
      counts(parameter, setting)
        ? (choices[i] as readonly Value[]).map((value) => ({ ...setting, [parameter.name]: value }))
        : [setting],
    );
    if (all.length > MOST)
      fail("E_CONFIG", {
        where: "method grid",
        expected: `at most ${MOST} combinations where parameters depend on others`,
        got: "more",
        fix: "use method random or bayes",
      });
  }
  return all;
}
