/** What is learned from label columns, where nobody says: by what they hold. */
import { fail } from "../../base/errors.js";
import { isNumeral } from "../table/cell.js";
import type { ChosenColumns, TableHead } from "../table/choose-columns.js";
import type { LabelRule } from "../table/labels.js";
import { labelsIn } from "./collect-target.js";
import type { TargetKind } from "./target.js";

/** What was said of the labels. */
export interface TargetWishes {
  readonly target?: TargetKind | undefined;
  readonly labelSeparator?: string | undefined;
  readonly labels?: LabelRule | string | undefined;
}

/**
 * The kind of the labels in the chosen columns: several columns, a separator or JSON lists hold any number of
 * classes, numbers that are not all whole are numbers to predict, and everything else is a class.
 *
 * @throws E_CONFIG for wishes that contradict each other
 */
export function targetKindOf(
  head: TableHead,
  chosen: ChosenColumns,
  wishes: TargetWishes,
): { readonly kind: TargetKind; readonly notices: readonly string[] } {
  const { target, labelSeparator } = wishes;
  const several = chosen.labels.length > 1;
  if (target === "number" && several)
    fail("E_CONFIG", {
      option: "target",
      expected: "labels or class, as there are several label columns",
      got: target,
      fix: "name one label column",
    });
  if (target !== undefined && target !== "labels" && labelSeparator !== undefined)
    fail("E_CONFIG", {
      option: "target",
      expected: "labels, as a separator of labels is given",
      got: target,
      fix: "leave one of them out",
    });
  if (target !== undefined) return { kind: target, notices: [] };
  const [label] = chosen.labels;
  if (label === undefined) return { kind: "class", notices: [] };
  if (several || labelSeparator !== undefined) return { kind: "labels", notices: [] };
  const cells = head.sample.map((row) => row[label]?.trim() ?? "").filter((cell) => cell !== "");
  const name = chosen.nameOf(label);
  if (cells.length > 0 && cells.every((cell) => cell.startsWith("[") && labelsIn(cell, undefined) !== undefined))
    return { kind: "labels", notices: [`"${name}" holds lists, which are read as several classes of a row`] };
  const numbers = wishes.labels === undefined && cells.every(isNumeral);
  if (numbers && cells.some((cell) => !Number.isInteger(Number(cell))))
    return {
      kind: "number",
      notices: [`"${name}" holds numbers that are not whole, which are read as numbers to predict`],
    };
  return { kind: "class", notices: [] };
}
