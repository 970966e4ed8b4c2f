/** Which rows are asked for: those that a strategy chooses, and among them rows drawn by chance to measure with. */
import { createRandom } from "../base/random.js";
import type { Features } from "../classifier/features.js";
import type { LinearModel } from "./linear-model.js";
import { STRATEGIES } from "./strategies.js";
import type { Strategy } from "./strategy.js";

/** Every so manieth row is drawn by chance. */
const CHECK_EVERY = 4;
/** The first rows are all drawn by chance: there is no model yet. */
const FIRST = 10;

/** Rows of the file in a random order that never changes: the first of them that are labelled are a fair sample. */
export function checkOrder(rows: number, seed: number): Uint32Array {
  return createRandom(seed)
    .fork("check rows")
    .shuffle(Uint32Array.from({ length: rows }, (_, row) => row));
}

/** The rows at the beginning of `order` up to the first that nothing is decided of, without those that have no label. */
export function checkRows(
  order: Uint32Array,
  isDecided: (row: number) => boolean,
  isLabelled: (row: number) => boolean,
) {
  const rows: number[] = [];
  for (const row of order) {
    if (!isDecided(row)) break;
    if (isLabelled(row)) rows.push(row);
  }
  return rows;
}

export interface QuestionsInput {
  readonly features: Features;
  readonly model: LinearModel | undefined;
  readonly strategy: Strategy;
  readonly classes: number;
  /** Labelled rows of each class. */
  readonly counts: readonly number[];
  /** See {@link Coverage}. */
  readonly distances: Float32Array;
  /** The order of {@link checkOrder}. */
  readonly order: Uint32Array;
  readonly isDecided: (row: number) => boolean;
  /** Rows decided so far. */
  readonly decided: number;
  readonly seed: number;
}

/** A row to label. */
export interface Question {
  readonly row: number;
  /** Whether it was drawn by chance. */
  readonly isCheck: boolean;
  /** [C]; undefined without a model. */
  readonly probabilities: readonly number[] | undefined;
}

/** The next `count` rows to label. */
export async function nextQuestions(input: QuestionsInput, count: number): Promise<Question[]> {
  const { features, model, strategy, classes, counts, distances, order, isDecided, decided, seed } = input;
  const rows = features.values.length / features.width;
  const candidates = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !isDecided(row));
  const probabilities = await model?.probabilities(candidates);
  const ranked =
    probabilities === undefined
      ? []
      : strategy.choose(
          {
            ...{ features, candidates, probabilities, classes, counts, distances },
            random: createRandom(seed).fork(decided),
          },
          count,
        );
  const chances = order.filter((row) => !isDecided(row)).values();
  const chosen = new Map<number, boolean>();
  const fromRanked = ranked.values();
  for (let at = decided; chosen.size < Math.min(count, candidates.length); at++) {
    const isCheck = at < FIRST || at % CHECK_EVERY === 0 || ranked.length === 0;
    for (;;) {
      const next = (isCheck ? chances : fromRanked).next();
      const row = next.done === true ? chances.next().value : next.value;
      if (row === undefined) return questionsOf(chosen, candidates, probabilities, classes);
      if (chosen.has(row)) continue;
      chosen.set(row, isCheck);
      break;
    }
  }
  return questionsOf(chosen, candidates, probabilities, classes);
}

function questionsOf(
  chosen: ReadonlyMap<number, boolean>,
  candidates: Uint32Array,
  probabilities: Float32Array | undefined,
  classes: number,
): Question[] {
  return [...chosen].map(([row, isCheck]) => {
    const at = candidates.indexOf(row);
    return {
      row,
      isCheck,
      probabilities: probabilities && [...probabilities.subarray(at * classes, (at + 1) * classes)],
    };
  });
}

export function strategyNamed(name: string): Strategy | undefined {
  return STRATEGIES.find((strategy) => strategy.name === name);
}
