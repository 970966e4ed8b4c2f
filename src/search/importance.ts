/**
 * How much of what trials came to is due to each parameter alone: functional analysis of variance over a random forest.
 *
 * @source Hutter, Hoos, Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014, which
 *   Optuna's FanovaImportanceEvaluator follows too
 */
import { createRandom } from "../base/random.js";
import { growForest, type Tree } from "./regression-forest.js";
import type { Setting, Space } from "./space.js";

export interface Importance {
  readonly name: string;
  /** Share of the variance that the parameter explains alone, in [0, 1]; the rest is due to several together. */
  readonly importance: number;
  /** Standard deviation of the share over the trees: how sure it is. */
  readonly deviation: number;
}

const TREES = 64;
/** Trials by which something may be said. */
const FEWEST = 4;

/** The importance of each parameter that was searched, the greatest first; none where trials are too few, or all alike. */
export function importanceOf(
  space: Space,
  trials: readonly { readonly setting: Setting; readonly cost: number }[],
): readonly Importance[] {
  const used = trials.filter(({ cost }) => Number.isFinite(cost));
  const searched = space.filter(
    ({ name }) => new Set(used.map(({ setting }) => JSON.stringify(setting[name]))).size > 1,
  );
  if (used.length < FEWEST || searched.length === 0) return [];
  const points = used.map(({ setting }) =>
    // Where a parameter does not count, it stands in the middle, which splits nothing.
    Float64Array.from(searched, ({ name, dimension }) =>
      name in setting ? dimension.rank(setting[name] as never) : 0.5,
    ),
  );
  const costs = used.map(({ cost }) => cost);
  const shares = growForest(points, costs, TREES, createRandom(0)).flatMap((tree) => {
    const found = sharesOf(tree, searched.length);
    return found === undefined ? [] : [found];
  });
  if (shares.length === 0) return [];
  return searched
    .map(({ name }, d) => {
      const own = shares.map((tree) => tree[d] as number);
      const importance = own.reduce((sum, one) => sum + one, 0) / own.length;
      const squares = own.reduce((sum, one) => sum + (one - importance) ** 2, 0);
      return { name, importance, deviation: Math.sqrt(squares / own.length) };
    })
    .sort((a, b) => b.importance - a.importance);
}

/** For each dimension the variance of a tree's mean along it, as a share of the tree's variance; undefined where it is flat. */
function sharesOf(tree: Tree, dimensions: number): number[] | undefined {
  const volumes = tree.map(({ low, high }) =>
    high.reduce((product, one, d) => product * (one - (low[d] as number)), 1),
  );
  const mean = tree.reduce((sum, { value }, i) => sum + value * (volumes[i] as number), 0);
  const variance = tree.reduce((sum, { value }, i) => sum + (value - mean) ** 2 * (volumes[i] as number), 0);
  if (!(variance > 1e-12 * Math.max(1, mean * mean))) return undefined;
  return Array.from({ length: dimensions }, (_, d) => {
    const cuts = [...new Set(tree.flatMap(({ low, high }) => [low[d] as number, high[d] as number]))].sort(
      (a, b) => a - b,
    );
    let explained = 0;
    for (let i = 1; i < cuts.length; i++) {
      const [from, to] = [cuts[i - 1] as number, cuts[i] as number];
      const along = tree.reduce((sum, { low, high, value }, leaf) => {
        const width = (high[d] as number) - (low[d] as number);
        return (low[d] as number) <= from && (high[d] as number) >= to
          ? sum + (value * (volumes[leaf] as number)) / width
          : sum;
      }, 0);
      explained += (along - mean) ** 2 * (to - from);
    }
    return explained / variance;
  });
}
