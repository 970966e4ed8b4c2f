/** The ways of choosing rows to label. */
import { cosine } from "./nearest.js";
import { highest, type Strategy, topTwo } from "./strategy.js";

const random: Strategy = {
  name: "random",
  title: "In random order",
  summary: "rows drawn by chance",
  choose: ({ candidates, random }, count) => [...random.shuffle(candidates.slice())].slice(0, count),
  source: "what the others are compared with",
};

const uncertain: Strategy = {
  name: "uncertain",
  title: "Most uncertain",
  summary: "rows of which the two most probable classes are nearly as probable as each other",
  choose: ({ candidates, probabilities, classes }, count) =>
    highest(candidates, count, (at) => -topTwo(probabilities, at, classes).margin),
  source: "Scheffer, Decomain and Wrobel 2001 (margin sampling)",
};

const diverse: Strategy = {
  name: "diverse",
  title: "Most different",
  summary: "rows that are least like any row that is labelled",
  choose({ candidates, distances, features }, count) {
    const far = Float32Array.from(candidates, (row) => distances[row]);
    const chosen: number[] = [];
    while (chosen.length < Math.min(count, candidates.length)) {
      let best = -1;
      for (let at = 0; at < far.length; at++) if (best < 0 || far[at] > far[best]) best = at;
      const row = candidates[best];
      chosen.push(row);
      for (let at = 0; at < far.length; at++)
        far[at] = Math.min(far[at], 1 - cosine(features, candidates[at], features, row));
      far[best] = Number.NEGATIVE_INFINITY;
    }
    return chosen;
  },
  source: "arXiv:1708.00489 (k-center greedy)",
};

const mixed: Strategy = {
  name: "mixed",
  title: "Uncertain and different",
  summary: "rows that would change the model most, and each in another way",
  choose({ candidates, probabilities, classes, features, random }, count) {
    // The gradient of the loss at the predicted class is an outer product, of the probabilities less the prediction, and the
    // features: products and lengths of gradients are products of theirs.
    const errors = probabilities.slice();
    for (let at = 0; at < candidates.length; at++) errors[at * classes + topTwo(probabilities, at, classes).first] -= 1;
    const error = { values: errors, width: classes };
    const lengths = Float64Array.from(candidates, (_, at) => cosine(error, at, error, at));
    const far = lengths.slice();
    const chosen: number[] = [];
    while (chosen.length < Math.min(count, candidates.length)) {
      const at = chosen.length === 0 ? largest(far) : drawn(far, random.float());
      const row = candidates[at];
      chosen.push(row);
      for (let i = 0; i < far.length; i++) {
        const product = cosine(error, i, error, at) * cosine(features, candidates[i], features, row);
        far[i] = Math.min(far[i], Math.max(0, lengths[i] + lengths[at] - 2 * product));
      }
      far[at] = 0;
    }
    return [...new Set(chosen)];
  },
  source: "arXiv:1906.03671 (BADGE)",
};

const balanced: Strategy = {
  name: "balanced",
  title: "Rarest classes",
  summary: "rows that are probably of the classes with the fewest labels",
  choose({ candidates, probabilities, classes, counts }, count) {
    const have = [...counts];
    // Of each class the rows that are probably of it, the surest last.
    const sure = Array.from({ length: classes }, (): number[] => []);
    for (const at of candidates.keys()) sure[topTwo(probabilities, at, classes).first].push(at);
    for (const [c, rows] of sure.entries())
      rows.sort((a, b) => probabilities[a * classes + c] - probabilities[b * classes + c] || b - a);
    const chosen: number[] = [];
    while (chosen.length < Math.min(count, candidates.length)) {
      const [rarest] = have
        .flatMap((_, c) => (sure[c].length > 0 ? [c] : []))
        .sort((a, b) => have[a] - have[b] || a - b);
      chosen.push(candidates[sure[rarest].pop() as number]);
      have[rarest]++;
    }
    return chosen;
  },
  source: "measured in bench/labelling.ts",
};

function largest(values: Float64Array): number {
  return values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
}

/** A place drawn with the probability of its value. */
function drawn(values: Float64Array, share: number): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  let rest = share * total;
  for (let at = 0; at < values.length; at++) {
    rest -= values[at];
    if (rest < 0) return at;
  }
  return largest(values);
}

/** All of them, that of the page's first choice first. */
export const STRATEGIES: readonly Strategy[] = [mixed, uncertain, diverse, balanced, random];
