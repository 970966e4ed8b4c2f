/** Mistakes in reading data and dealing them out. */
import { inFile, type SourceMutation } from "./source-mutation.js";

export const DATA_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/data/dataset/split.ts",
    ["src/data/dataset/split.test.ts"],
    [
      ["every seed deals alike", "options.seed ?? DEFAULT_SEED", "DEFAULT_SEED"],
      ["shares are cut instead of rounded", "Math.round(size * length)", "Math.floor(size * length)"],
      ["groups are torn apart", "if (rows.groups !== undefined)", "if (rows.groups === null)"],
      ["rows are dealt without their order", "if (rows.order !== undefined)", "if (rows.order === null)"],
    ],
  ),
  ...inFile(
    "src/data/format/delimited.ts",
    ["src/data/format/delimited.test.ts"],
    [
      ["doubled quotes are lost", "value += quote;", ""],
      ["blank lines are not counted", 'if (raw === "") { line++;', 'if (raw === "") {'],
      ["lines in quotes are not counted", "line += quoted.lines", "line += 1"],
      ["carriage returns stay", "charCodeAt(end - 1) === 13 ? end - 1 : end", "charCodeAt(end - 1) === 13 ? end : end"],
    ],
  ),
  ...inFile(
    "src/data/format/guess-header.ts",
    ["src/data/format/guess-header.test.ts"],
    [
      ["names that were asked for tell nothing", "first.some((cell) => same(cell, name))", "false"],
      ["a value that comes again is a name", "columns.some(({ repeated }) => repeated) ||", ""],
    ],
  ),
  ...inFile(
    "src/data/dataset/collect-target.ts",
    ["src/data/dataset/targets.test.ts"],
    [
      ["one-hot labels may be of several classes", 'kind === "class" && ids.length !== 1', "false"],
      ["a class without a column is not said", "missing.length === 0 ? []", "missing.length >= 0 ? []"],
      [
        "a separator that separates nothing is not said",
        "rule !== undefined || rows.some",
        "rule === undefined || rows.some",
      ],
    ],
  ),
  ...inFile(
    "src/data/dataset/dataset-from.ts",
    ["src/data/dataset/targets.test.ts"],
    [
      ["one-hot labels are several classes", '=== 1) ? "class" : "labels"', '=== 1) ? "labels" : "labels"'],
      ["places of one-hot labels are not counted", "label.length !== names.length", "label.length === 0"],
    ],
  ),
];
