/** What is learned from labels while they are given: what to label next, how good the model is, what looks wrong. */
import { findLabelErrors } from "../analysis/label-errors.js";
import type { Features } from "../classifier/features.js";
import { normalizedText } from "../data/dataset/row-groups.js";
import { type Advice, adviceOf, type CurvePoint, type Snapshot } from "./advice.js";
import { createCoverage } from "./coverage.js";
import { heldOutProbabilities } from "./cross-validation.js";
import type { Labelled, LinearTrainer } from "./linear-model.js";
import { cosine } from "./nearest.js";
import { checkOrder, checkRows, nextQuestions, type Question } from "./questions.js";
import { type Strategy, topTwo } from "./strategy.js";
import { wilsonShare } from "./wilson.js";

/** What was decided, in the order in which it was. */
export interface Decided {
  readonly labelled: Labelled;
  /** Rows of which there is no label to give, or of which nobody is sure. */
  readonly passed: readonly number[];
}

/** A label that the models which have not seen it contradict. */
export interface Doubt {
  readonly row: number;
  readonly given: number;
  readonly suggested: number;
  /** The probability of the label as it was given. */
  readonly confidence: number;
}

/** Two labelled rows that say nearly the same, and have different labels. */
export interface Contradiction {
  readonly rows: readonly [number, number];
  /** 1 for the same text but for case, marks and spaces. */
  readonly similarity: number;
}

export interface StudyResult {
  readonly questions: readonly Question[];
  readonly curve: readonly CurvePoint[];
  readonly advice: Advice;
  readonly doubts: readonly Doubt[];
  readonly contradictions: readonly Contradiction[];
}

export interface StudyInput {
  /** Of all rows, of length 1. */
  readonly features: Features;
  readonly textOf: (row: number) => string;
  readonly trainer: LinearTrainer;
  readonly seed: number;
}

export interface Study {
  update(decided: Decided, classes: number, strategy: Strategy, count: number): Promise<StudyResult>;
}

/** Rows by which two models are compared. */
const WATCHED = 1000;
/** Rows that were drawn by chance from which on an accuracy is told. */
const LEAST_CHECKED = 10;
const NEAR = 0.97;
const SHOWN = 50;
/** Labelled rows that are compared with each other at most: the latest. */
const MOST_COMPARED = 2000;

export function createStudy({ features, textOf, trainer, seed }: StudyInput): Study {
  const rows = features.values.length / features.width;
  const order = checkOrder(rows, seed);
  const watched = order.slice(-WATCHED);
  let coverage = createCoverage(features);
  const covered = new Set<number>();
  // Of so many labels, the first that were given: known as long as these stay the same.
  const known = new Map<number, { readonly key: string; readonly snapshot: Snapshot }>();

  const cover = (labelled: readonly number[]): void => {
    const now = new Set(labelled);
    if ([...covered].some((row) => !now.has(row))) {
      coverage = createCoverage(features);
      covered.clear();
    }
    for (const row of now) {
      if (covered.has(row)) continue;
      covered.add(row);
      coverage.add(row);
    }
  };

  /** The accuracy on rows drawn by chance, and the predictions by which models are compared. */
  const snapshotOf = async (
    labelled: Labelled,
    passed: ReadonlySet<number>,
    classes: number,
  ): Promise<Snapshot | undefined> => {
    const labels = labelled.rows.length;
    const key = `${labelled.rows.join()} ${labelled.classes.join()}`;
    const found = known.get(labels);
    if (found?.key === key) return found.snapshot;
    const placeOf = new Map(labelled.rows.map((row, place) => [row, place]));
    const tested = checkRows(
      order,
      (row) => placeOf.has(row) || passed.has(row),
      (row) => placeOf.has(row),
    ).map((row) => placeOf.get(row) as number);
    const model = await trainer.train(labelled, classes);
    if (model === undefined) return undefined;
    const held = await heldOutProbabilities(trainer, labelled, classes, tested);
    const told = tested.filter((place) => !Number.isNaN(held[place * classes]));
    const right = told.filter((place) => topTwo(held, place, classes).first === labelled.classes[place]).length;
    const seen = await model.probabilities(watched);
    const snapshot: Snapshot = {
      labels,
      point:
        told.length < LEAST_CHECKED ? undefined : { labels, checked: told.length, ...wilsonShare(right, told.length) },
      predicted: Array.from(watched, (_, at) => topTwo(seen, at, classes).first),
    };
    known.set(labels, { key, snapshot });
    return snapshot;
  };

  return {
    async update({ labelled, passed }, classes, strategy, count) {
      cover(labelled.rows);
      const passedRows = new Set(passed);
      const decidedRows = new Set([...labelled.rows, ...passed]);
      const snapshots: Snapshot[] = [];
      for (const labels of pointsUpTo(labelled.rows.length)) {
        const first = { rows: labelled.rows.slice(0, labels), classes: labelled.classes.slice(0, labels) };
        const snapshot = await snapshotOf(first, passedRows, classes);
        if (snapshot !== undefined) snapshots.push(snapshot);
      }
      const model = await trainer.train(labelled, classes);
      const counts = Array.from({ length: classes }, () => 0);
      for (const c of labelled.classes) counts[c]++;
      const questions = await nextQuestions(
        {
          ...{ features, model, strategy, classes, counts, order, seed, decided: decidedRows.size },
          distances: coverage.distances,
          isDecided: (row) => decidedRows.has(row),
        },
        count,
      );
      return {
        questions,
        curve: snapshots.flatMap(({ point }) => point ?? []),
        advice: adviceOf(snapshots),
        doubts: doubtsOf(labelled, await heldOutProbabilities(trainer, labelled, classes), classes),
        contradictions: contradictionsOf(labelled, features, textOf),
      };
    },
  };
}

/** Numbers of labels at which the curve has points: about ten between doublings of the first, and the last. */
export function pointsUpTo(labels: number): number[] {
  const points: number[] = [];
  for (let at = 20; at <= labels; at = Math.max(at + 10, Math.round((at * 1.15) / 10) * 10)) points.push(at);
  return points;
}

/** The labels that are probably wrong, the surest mistake first. */
function doubtsOf({ rows, classes: given }: Labelled, held: Float32Array, classes: number): Doubt[] {
  const told = [...rows.keys()].filter((place) => !Number.isNaN(held[place * classes]));
  const logits = new Float32Array(told.length * classes);
  for (const [i, place] of told.entries())
    for (let c = 0; c < classes; c++) logits[i * classes + c] = Math.log(held[place * classes + c] + 1e-9);
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const targets = Int32Array.from(told, (place) => given[place]);
  return findLabelErrors({ family: "single-label", labels: names, rows: told.length, targets, logits })
    .slice(0, SHOWN)
    .map(({ row, label, suggested, confidence }) => ({
      ...{ row: rows[told[row]], given: Number(label), suggested: Number(suggested), confidence },
    }));
}

function contradictionsOf(
  { rows, classes }: Labelled,
  features: Features,
  textOf: (row: number) => string,
): Contradiction[] {
  const first = Math.max(0, rows.length - MOST_COMPARED);
  const texts = rows.map((row) => normalizedText(textOf(row)));
  const found: Contradiction[] = [];
  for (let a = first; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) {
      if (classes[a] === classes[b]) continue;
      const similarity = texts[a] === texts[b] ? 1 : cosine(features, rows[a], features, rows[b]);
      if (similarity >= NEAR) found.push({ rows: [rows[a], rows[b]], similarity: Math.min(1, similarity) });
    }
  }
  return found.sort((a, b) => b.similarity - a.similarity).slice(0, SHOWN);
}
