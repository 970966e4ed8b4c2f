/** What models that have not seen a labelled row say of it. */
import type { Labelled, LinearTrainer } from "./linear-model.js";

const FOLDS = 5;

/**
 * [N, C]: for each labelled row the probabilities by a model that was trained on the rows of other folds, and on all rows
 * outside `tested`. Rows that are not in `tested` have NaN, and so have all where a fold leaves fewer than two classes.
 *
 * @param tested places in `labelled` that are dealt out to the folds; all by default
 */
export async function heldOutProbabilities(
  trainer: LinearTrainer,
  labelled: Labelled,
  classes: number,
  tested: readonly number[] = [...labelled.rows.keys()],
): Promise<Float32Array> {
  const all = new Float32Array(labelled.rows.length * classes).fill(Number.NaN);
  const foldOf = new Map(tested.map((place, i) => [place, i % FOLDS]));
  for (let fold = 0; fold < Math.min(FOLDS, tested.length); fold++) {
    const places = [...labelled.rows.keys()];
    const kept = places.filter((place) => foldOf.get(place) !== fold);
    const model = await trainer.train(
      { rows: kept.map((place) => labelled.rows[place]), classes: kept.map((place) => labelled.classes[place]) },
      classes,
    );
    if (model === undefined) continue;
    const held = places.filter((place) => foldOf.get(place) === fold);
    const found = await model.probabilities(held.map((place) => labelled.rows[place]));
    for (const [i, place] of held.entries()) all.set(found.subarray(i * classes, (i + 1) * classes), place * classes);
  }
  return all;
}
