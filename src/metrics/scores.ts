/** The scores of every row of a set, kept for the metrics that rank rows or look at probabilities. */

import type { ClassFamily } from "./family.js";
import { logSoftmax, softplus } from "./probability.js";
import { type Ranking, rank } from "./ranking.js";

/** The scores of N rows for C classes or labels. */
export interface Scores {
  readonly family: ClassFamily;
  readonly rows: number;
  readonly classes: number;
  /**
   * The logarithm of each probability, [N, C]: it has the order of the probabilities, also where they round to 1. In
   * float32, as logits are: equal scores do not differ by the order in which something was summed.
   */
  readonly logProbabilities: Float32Array;
  /** 1 for the class of a row, or for each of its labels, else 0, [N, C]. */
  readonly isTrue: Uint8Array;
  /** The rows in the order of the probability of class `c`. */
  ranking(c: number): Ranking;
  /** Every row as often as there are classes, each time with the probability of another. */
  rankingOfAll(): Ranking;
}

/** Scores under way: 4 bytes for a logit, and as many for the class of a row or 1 for each label. */
export interface ScoresCollector {
  /** Adds rows: class ids [B] or 0 and 1 [B, C], and logits [B, C]. */
  add(targets: ArrayLike<number>, logits: ArrayLike<number>, rows: number): void;
  scores(): Scores;
}

/** Keeps the scores of all rows. */
export function keepScores(family: ClassFamily, classes: number): ScoresCollector {
  const logits: Float32Array[] = [];
  const targets: (Int32Array | Uint8Array)[] = [];
  let rows = 0;
  return {
    add(added, outputs, count) {
      logits.push(Float32Array.from(outputs));
      targets.push(family === "multi-label" ? Uint8Array.from(added) : Int32Array.from(added));
      rows += count;
    },
    scores() {
      const isTrue = new Uint8Array(rows * classes);
      const logProbabilities = new Float32Array(rows * classes);
      let at = 0;
      for (const [i, part] of logits.entries()) {
        if (family === "multi-label") {
          isTrue.set(targets[i], at);
          for (const [j, logit] of part.entries()) logProbabilities[at + j] = -softplus(-logit);
        } else {
          for (const [row, id] of targets[i].entries()) {
            const start = row * classes;
            isTrue[at + start + id] = 1;
            logSoftmax(part, start, classes, logProbabilities.subarray(at + start, at + start + classes));
          }
        }
        at += part.length;
      }
      return scoresOf({ family, rows, classes, logProbabilities, isTrue });
    },
  };
}

function scoresOf(facts: Omit<Scores, "ranking" | "rankingOfAll">): Scores {
  const { rows, classes, logProbabilities, isTrue } = facts;
  const known = new Map<number, Ranking>();
  let ofAll: Ranking | undefined;
  return {
    ...facts,
    ranking(c) {
      const column = (row: number): number => row * classes + c;
      const ranking =
        known.get(c) ??
        rank(
          Float32Array.from({ length: rows }, (_, row) => logProbabilities[column(row)]),
          Uint8Array.from({ length: rows }, (_, row) => isTrue[column(row)]),
        );
      known.set(c, ranking);
      return ranking;
    },
    rankingOfAll() {
      ofAll ??= rank(logProbabilities, isTrue);
      return ofAll;
    },
  };
}
