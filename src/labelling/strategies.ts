/** The ways of choosing rows to label. */
import { groupMiddles } from "./group-middles.js";
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
    highest(candidates, count, (at) => -topTwo(probabilities, at, classes).margin).map((at) => candidates[at]),
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

/** So many times as many unsure rows are looked at as are asked for. */
const LOOKED_AT = 3;

const mixed: Strategy = {
  name: "mixed",
  title: "Uncertain and different",
  summary: "rows that the model is not sure of, each from the middle of another group of rows that are alike",
  choose({ candidates, probabilities, classes, features, random }, count) {
    const doubt = Float64Array.from(candidates, (_, at) => 1 - topTwo(probabilities, at, classes).margin);
    const places = highest(candidates, LOOKED_AT * count, (at) => doubt[at]);
    const rows = places.map((at) => candidates[at]);
    const weights = Float64Array.from(places, (at) => doubt[at]);
    return groupMiddles({ features, rows, weights, random }, count);
  },
  source: "arXiv:1901.05954 (diverse mini-batch active learning)",
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

/** All of them, that of the page's first choice first. */
export const STRATEGIES: readonly Strategy[] = [mixed, uncertain, diverse, balanced, random];
