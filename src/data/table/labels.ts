import { fail } from "../../base/errors.js";
import { nearestNames } from "../../base/nearest.js";
import { shortened } from "../../base/printable.js";

/** The classes of a data set: class i has the name `names[i]` and stands in `counts[i]` rows. */
export interface Labels {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  /** Whether a row has one of them, or any number; "number" where rows have numbers, which are no classes. */
  readonly targetKind?: "class" | "labels" | "number" | undefined;
  /** The id of the class called `name`, or -1. */
  id(name: string): number;
}

/**
 * How label values become classes. Nothing: the values that occur, sorted. A list: the classes in that
 * order, which the values name. The labels of another data set: its classes. `{ ids: ["negative", "positive"] }`:
 * the values are the ids of these classes. A mapping: `{ "4": "positive" }` renames values, `{ "pos": 1, "neg": 0 }`
 * gives each value its id.
 */
export type LabelRule =
  | readonly string[]
  | Labels
  | { readonly ids: readonly string[] }
  | Readonly<Record<string, string | number>>;

/** What {@link resolveLabels} decided: the class of each raw value. */
export interface ResolvedLabels {
  readonly names: readonly string[];
  /** The class id of each raw value, in the order of the raw values given. */
  readonly ids: Int32Array;
  readonly notices: readonly string[];
}

/** The labels `names` with `counts` rows each. */
export function createLabels(
  names: readonly string[],
  counts: readonly number[],
  targetKind?: Labels["targetKind"],
): Labels {
  const ids = new Map(names.map((name, id) => [name, id]));
  return Object.freeze({
    names: Object.freeze([...names]),
    counts: Object.freeze([...counts]),
    targetKind,
    id: (name: string) => ids.get(name) ?? -1,
  });
}

/** Sorts label names: as numbers where all are whole numbers, otherwise by code units (the order of Python's `sorted`). */
export function sortLabelNames(names: Iterable<string>): string[] {
  const all = [...names];
  if (all.every((name) => /^[+-]?\d{1,15}$/.test(name)))
    return all.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  return all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * The class of each of `values`, the distinct raw label values of a data set, under `rule`.
 *
 * @throws E_DATA where a value belongs to no class of the rule, E_CONFIG where the rule itself is wrong
 */
export function resolveLabels(values: readonly string[], rule: LabelRule | undefined, where: string): ResolvedLabels {
  if (rule === undefined) return byNames(values, sortLabelNames(values), where);
  if (Array.isArray(rule)) return byList(values, rule, where);
  if (isLabels(rule)) return byNames(values, rule.names, where);
  if (isIds(rule)) return byIds(values, rule.ids, where);
  return byMapping(values, rule as Readonly<Record<string, string | number>>, where);
}

/** The classes in the order of their ids, where `rule` lists their names. */
export function namesIn(rule: LabelRule): readonly string[] | undefined {
  if (Array.isArray(rule)) return rule as readonly string[];
  return isLabels(rule) ? rule.names : undefined;
}

function isLabels(rule: object): rule is Labels {
  return "names" in rule && Array.isArray(rule.names);
}

function isIds(rule: object): rule is { readonly ids: readonly string[] } {
  return "ids" in rule && Array.isArray(rule.ids);
}

function byNames(values: readonly string[], names: readonly string[], where: string): ResolvedLabels {
  // They may be ids, in an order that nobody has named.
  if (values.length > 0 && values.every(isNumber) && !names.some(isNumber))
    fail("E_DATA", {
      where,
      option: "labels",
      expected: `labels among ${listed(names)}`,
      got: `numbers (${sortLabelNames(values).slice(0, 8).join(", ")}), which may be their ids in any order`,
      fix: "say what each means",
      set: { labels: `${sortLabelNames(values).slice(0, 2).join("=…,")}=…` },
    });
  const ids = new Map(names.map((name, id) => [name, id]));
  const strange = values.filter((value) => !ids.has(value));
  if (strange.length > 0) {
    const first = strange[0] as string;
    const [near] = nearestNames(first, names);
    fail("E_DATA", {
      where,
      option: "labels",
      expected: `labels among ${listed(names)}`,
      got: strange.length === 1 ? `"${first}"` : `${strange.length} others (${listed(strange)})`,
      fix: `${near === undefined ? "correct" : `did you mean "${near}"? Correct`} the file, or leave these rows out`,
    });
  }
  return { names, ids: Int32Array.from(values, (value) => ids.get(value) as number), notices: [] };
}

const isNumber = (value: string): boolean => /^\d{1,6}$/.test(value);

/**
 * The rule that a text says: `"0=negative,1=positive"` maps values, anything else is one class.
 * Several texts are as many classes, or a mapping together.
 */
export function labelRuleOf(texts: string | readonly string[]): LabelRule {
  const all = [texts].flat();
  const entries = all.flatMap((text) => text.split(",")).map((piece) => /^\s*(.+?)\s*=\s*(.+?)\s*$/.exec(piece));
  if (!entries.every((entry) => entry !== null)) return all;
  return Object.fromEntries(entries.map(([, value, name]) => [value, name]));
}

function byList(values: readonly string[], names: readonly string[], where: string): ResolvedLabels {
  checkNames(names);
  return byNames(values, names, where);
}

/** Numbers from 0 as ids, as files of labels have them. */
function byIds(values: readonly string[], names: readonly string[], where: string): ResolvedLabels {
  checkNames(names);
  const strange = values.filter((value) => !isNumber(value) || Number(value) >= names.length);
  if (strange.length > 0)
    fail("E_DATA", {
      where,
      option: "labels",
      expected: `ids from 0 to ${names.length - 1}, of ${listed(names)}`,
      got: listed(strange),
      fix: "correct the file, or leave these rows out",
    });
  return { names, ids: Int32Array.from(values, Number), notices: [] };
}

/** @throws E_CONFIG for no name, or one twice */
function checkNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.length === 0 || twice !== undefined) {
    fail("E_CONFIG", {
      option: "labels",
      expected: "different names, at least one",
      got: twice === undefined ? "none" : `"${twice}" twice`,
      fix: "name each class once",
    });
  }
}

function byMapping(
  values: readonly string[],
  rule: Readonly<Record<string, string | number>>,
  where: string,
): ResolvedLabels {
  const targets = [...new Set(Object.values(rule))];
  const numbers = targets.filter((target) => typeof target === "number");
  if (targets.length === 0 || (numbers.length > 0 && numbers.length < targets.length)) {
    fail("E_CONFIG", {
      option: "labels",
      expected: "a mapping to names or to ids",
      got: targets.length === 0 ? "none" : "both",
      fix: "use one kind for all values",
    });
  }
  const unmapped = values.filter((value) => !Object.hasOwn(rule, value));
  if (unmapped.length > 0) {
    fail("E_DATA", {
      where,
      expected: `labels among ${listed(Object.keys(rule))}`,
      got: listed(unmapped),
      fix: "add them to the rule for labels, or filter these rows out",
    });
  }
  if (numbers.length === 0) {
    const names = sortLabelNames(targets as string[]);
    return { names, ids: Int32Array.from(values, (value) => names.indexOf(String(rule[value]))), notices: [] };
  }
  const ids = [...numbers].sort((a, b) => a - b);
  if (ids.some((id, i) => id !== i)) {
    fail("E_CONFIG", {
      option: "labels",
      expected: `ids 0 to ${ids.length - 1}`,
      got: ids.join(", "),
      fix: "number the classes from 0 without a gap",
    });
  }
  // Several values may share an id; the class is then called after the first of them.
  const names = ids.map((id) => Object.keys(rule).find((value) => rule[value] === id) as string);
  return { names, ids: Int32Array.from(values, (value) => rule[value] as number), notices: [] };
}

/** The first names in quotes, and that there are more. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => `"${shortened(name, 40)}"`);
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
}
