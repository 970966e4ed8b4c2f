/** Mistakes in what the Studio tells of classifiers, and in labels that are corrected there. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const CORRECTIONS = ["src/labelling/corrections.test.ts"];
const CORRECTED = ["tests/studio/corrections.test.ts"];
const TRIED = ["tests/studio/models.test.ts"];

export const CORRECTION_MUTATIONS: readonly SourceMutation[] = [
  ...inFile("src/labelling/corrections.ts", CORRECTIONS, [
    [
      "the first correction of a text holds",
      "found.set(entry.text, entry.label)",
      "found.set(entry.text, found.get(entry.text) ?? entry.label)",
    ],
    ["a part corrects rows of another", "changed.set(chosen?.[row] ?? row,", "changed.set(row,"],
  ]),
  ...inFile("src/data/dataset/target.ts", CORRECTIONS, [
    ["the data that is corrected changes", "Int32Array.from(target.ids)", "target.ids"],
    ["numbers that are corrected change", "Float64Array.from(target.values)", "target.values"],
    ["several labels of a row stay as they are", "changed.get(row)?.ids ?? idsOf(target, row)", "idsOf(target, row)"],
  ]),
  ...inFile("src/labelling/row-label.ts", CORRECTIONS, [
    ["any word is a class", "id < 0 ? refuse", "id < -1 ? refuse"],
    ["nothing is a number", 'text.trim() === ""', 'text === "nothing"'],
    ["the order of labels makes another label", ".sort((a, b) => a - b)", ""],
  ]),
  ...inFile("src/workflows/node/data-parts.ts", CORRECTIONS, [
    ["what is trained on is not corrected", "train: correct(parts.train)", "train: parts.train"],
    ["corrected rows go to other parts", "chosen.split(", "correct(chosen).split("],
  ]),
  ...inFile("src/labelling/node/correction-book.ts", CORRECTED, [
    ["corrections are not written down", "await journal.append(entry);", ""],
  ]),
  ...inFile("src/studio/node/correction-desk.ts", CORRECTED, [
    ["a text is its own neighbour", "!own.has(row)", "own.size >= 0"],
  ]),
  ...inFile("src/studio/node/export-place.ts", CORRECTED, [
    ["the data is written over", "data.includes(place) ||", ""],
    ["decisions are written over", "place.endsWith(end)", 'place === ""'],
  ]),
  ...inFile("src/studio/node/correctable-run.ts", CORRECTED, [
    ["another run's classifier is taken", "newest !== run.id", "newest === undefined"],
    ["corrections are written outside the folder", "path === undefined ||", ""],
  ]),
  ...inFile("src/studio/node/near-texts.ts", CORRECTED, [
    [
      "nearness depends on the length of the features",
      "unitFeatures(await models.features(model, [example]))",
      "await models.features(model, [example])",
    ],
  ]),
  ...inFile("src/studio/node/model-counter.ts", TRIED, [
    ["any artifact is opened as a model", 'artifact.type !== "model"', 'artifact.type === ""'],
  ]),
];
