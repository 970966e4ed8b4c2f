/** Tables made from the rows of other data sets: mapped, joined end to end, balanced. */
import { fail } from "../../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../../base/random.js";
import type { ColumnKind } from "../table/cell.js";
import { type LabelRule, listed, resolveLabels } from "../table/labels.js";
import { buildTextColumn, joinColumns, type TextColumn } from "../table/text-column.js";
import type { BalanceOptions, Column, Dataset, MappedRow, Row, Table, TableView } from "./dataset.js";
import { labelsTarget, type Target, type TargetKind } from "./target.js";

/** The table of `dataset` with other texts or labels; the classes stay as they are if they hold every new label. */
export function mapTable(dataset: Dataset, change: (row: Row) => MappedRow, rule: LabelRule | undefined): Table {
  const text = buildTextColumn();
  const textPair = buildTextColumn();
  const columns = further(dataset).map((column) => ({ ...column, values: buildTextColumn() }));
  const labels: MappedRow["label"][] = [];
  let hasPairs = dataset.hasPairs;
  for (const row of dataset) {
    const changed = change(row);
    const first = changed.text ?? row.text;
    const second = changed.textPair ?? row.textPair;
    if (typeof first !== "string" || (second !== undefined && typeof second !== "string"))
      fail("E_USAGE", {
        where: `map, row ${row.index}`,
        expected: "a text",
        got: typeof (typeof first === "string" ? second : first),
        fix: "return { text } or { label } or both",
      });
    hasPairs ||= second !== undefined;
    text.push(first);
    textPair.push(second);
    labels.push(changed.label ?? labelOf(dataset, row));
    for (const { name, values } of columns) {
      const cell = row.value(name);
      values.push(cell === undefined ? undefined : String(cell));
    }
  }
  const target = targetOf(dataset, labels, rule);
  return {
    text: text.finish(),
    textPair: hasPairs ? textPair.finish() : undefined,
    target,
    columns: columns.map(({ name, kind, values }): Column => ({ name, kind, values: values.finish() })),
    columnOrder: dataset.columns.map(({ name }) => name),
    textName: nameOf(dataset, "text") as string,
    textPairName: hasPairs ? (nameOf(dataset, "textPair") ?? "textPair") : undefined,
    labelName: target === undefined ? undefined : (nameOf(dataset, "label") ?? "label"),
  };
}

/** What a row is labelled with, as `map` gives it. */
function labelOf(dataset: Dataset, row: Row): MappedRow["label"] {
  if (dataset.targetKind === "labels") return row.labels;
  return dataset.targetKind === "number" ? row.target : row.label;
}

/** The target that mapped rows have, which must be of one kind. @throws E_USAGE otherwise */
function targetOf(
  dataset: Dataset,
  labels: readonly MappedRow["label"][],
  rule: LabelRule | undefined,
): Target | undefined {
  const kinds = new Set(labels.filter((label) => label !== undefined).map(kindOf));
  if (kinds.size === 0) return undefined;
  if (kinds.size > 1)
    fail("E_USAGE", {
      where: "map",
      expected: "labels of one kind: names, lists of names, or numbers",
      got: [...kinds].join(" and "),
      fix: "return the same kind for every row",
    });
  if (kinds.has("number"))
    return {
      kind: "number",
      values: Float64Array.from(labels, (label) => (label as number | undefined) ?? Number.NaN),
    };
  const occurring = new Set<string>();
  for (const label of labels) {
    if (typeof label === "string") occurring.add(label);
    else for (const one of (label as readonly string[] | undefined) ?? []) occurring.add(one);
  }
  const values = [...occurring];
  const known = dataset.labels.names.length > 0 && values.every((value) => dataset.labels.id(value) >= 0);
  const { names, ids } = resolveLabels(values, rule ?? (known ? dataset.labels : undefined), `${dataset.source}, map`);
  const idOf = new Map(values.map((value, i) => [value, ids[i] as number]));
  if (kinds.has("class"))
    return { kind: "class", names, ids: Int32Array.from(labels, (label) => idOf.get(label as string) ?? -1) };
  return labelsTarget(
    names,
    labels.map((row) => ((row as readonly string[] | undefined) ?? []).map((label) => idOf.get(label) as number)),
  );
}

function kindOf(label: MappedRow["label"]): TargetKind {
  return typeof label === "number" ? "number" : typeof label === "object" ? "labels" : "class";
}

/**
 * The rows of several data sets one after the other, sharing their texts, with the columns that all have. Classes are those
 * of the first where they suffice, otherwise all that occur, sorted.
 *
 * @throws E_DATA where some have pairs or labels and others not, or labels of another kind
 */
export function concatTable(views: readonly TableView[]): Table {
  const datasets = views.map(({ dataset }) => dataset);
  const first = datasets[0] as Dataset;
  for (const other of datasets) {
    const same = [other.hasPairs === first.hasPairs, other.targetKind === first.targetKind];
    if (same.every(Boolean)) continue;
    const words = ({ hasPairs, targetKind }: Dataset): string =>
      same[0] === true ? describeTarget(targetKind) : hasPairs ? "two texts in each row" : "one text in each row";
    fail("E_DATA", {
      where: `concat, ${other.source}`,
      expected: `${words(first)}, as in ${first.source}`,
      got: words(other),
      fix: "read both in the same way",
    });
  }
  const columns = further(first).filter(({ name, kind }) =>
    datasets.every((dataset) => further(dataset).some((other) => other.name === name && other.kind === kind)),
  );
  const joined = (columnOf: (table: Table) => TextColumn): TextColumn =>
    joinColumns(views.map(({ table, rows }) => ({ column: columnOf(table), rows })));
  return {
    text: joined((table) => table.text),
    textPair: first.hasPairs ? joined((table) => table.textPair as TextColumn) : undefined,
    target: joinedTarget(datasets),
    columns: columns.map(({ name, kind }) => ({
      name,
      kind,
      values: joined((table) => (table.columns.find((column) => column.name === name) as Column).values),
    })),
    columnOrder: first.columns.map(({ name }) => name),
    textName: nameOf(first, "text") as string,
    textPairName: nameOf(first, "textPair"),
    labelName: nameOf(first, "label"),
  };
}

function describeTarget(kind: TargetKind | undefined): string {
  if (kind === undefined) return "no labels";
  return { class: "a class in each row", labels: "several classes in a row", number: "numbers to predict" }[kind];
}

/** The targets of data sets of one kind, one after the other. */
function joinedTarget(datasets: readonly Dataset[]): Target | undefined {
  const first = datasets[0] as Dataset;
  if (first.targetKind === undefined) return undefined;
  const length = datasets.reduce((sum, dataset) => sum + dataset.length, 0);
  if (first.targetKind === "number") {
    const values = new Float64Array(length);
    let at = 0;
    for (const dataset of datasets) for (let row = 0; row < dataset.length; row++) values[at++] = dataset.target(row);
    return { kind: "number", values };
  }
  const known = new Set(first.labels.names);
  const sufficient = datasets.every((dataset) => dataset.labels.names.every((name) => known.has(name)));
  const present = new Set(
    datasets.flatMap(({ labels }) => labels.names.filter((_, id) => (labels.counts[id] as number) > 0)),
  );
  const values = [...present];
  const { names, ids } = resolveLabels(values, sufficient ? first.labels : undefined, "concat");
  const idOf = new Map(values.map((name, i) => [name, ids[i] as number]));
  const mappedOf = (dataset: Dataset): number[] => dataset.labels.names.map((name) => idOf.get(name) ?? -1);
  if (first.targetKind === "labels")
    return labelsTarget(
      names,
      datasets.flatMap((dataset) => {
        const mapped = mappedOf(dataset);
        return Array.from({ length: dataset.length }, (_, row) =>
          dataset.labelIdsOf(row).map((id) => mapped[id] as number),
        );
      }),
    );
  const joined = new Int32Array(length);
  let at = 0;
  for (const dataset of datasets) {
    const mapped = mappedOf(dataset);
    for (let row = 0; row < dataset.length; row++) joined[at++] = mapped[dataset.labelId(row)] ?? -1;
  }
  return { kind: "class", names, ids: joined };
}

/** The rows of a balanced data set, in ascending order, repeated ones beside each other. */
export function balancedRows(dataset: Dataset, options: BalanceOptions): Uint32Array {
  const { names, counts } = dataset.labels;
  if (dataset.targetKind === "labels" || dataset.targetKind === "number")
    fail("E_DATA", {
      where: "balance",
      expected: "a class in each row",
      got: describeTarget(dataset.targetKind),
      fix: "choose rows with filter or select",
    });
  const present = counts.filter((count) => count > 0);
  if (present.length === 0)
    fail("E_DATA", { where: "balance", expected: "labels", got: "none", fix: "read the data with a label column" });
  const method = options.method ?? "undersample";
  if (method !== "undersample" && method !== "oversample")
    fail("E_CONFIG", {
      where: "balance, method",
      expected: listed(["undersample", "oversample"]),
      got: `"${String(method)}"`,
      fix: "choose one",
    });
  const wanted = options.perClass ?? (method === "undersample" ? Math.min(...present) : Math.max(...present));
  if (!(Number.isInteger(wanted) && wanted > 0))
    fail("E_CONFIG", {
      where: "balance, perClass",
      expected: "a whole number of rows",
      got: String(wanted),
      fix: "give 1 or more",
    });
  const random = createRandom(options.seed ?? DEFAULT_SEED).fork("balance");
  const members: number[][] = names.map(() => []);
  for (let row = 0; row < dataset.length; row++) members[dataset.labelId(row)]?.push(row);
  const chosen: number[] = [];
  for (const rows of members) {
    if (rows.length === 0) continue;
    if (method === "undersample") for (const row of random.shuffle([...rows]).slice(0, wanted)) chosen.push(row);
    else {
      // Every row as often as any other, and only the remainder is drawn.
      let left = wanted;
      for (; left >= rows.length; left -= rows.length) for (const row of rows) chosen.push(row);
      for (const row of random.shuffle([...rows]).slice(0, left)) chosen.push(row);
    }
  }
  return Uint32Array.from(chosen).sort();
}

function further(dataset: Dataset): readonly { readonly name: string; readonly kind: ColumnKind }[] {
  return dataset.columns.filter((column) => column.role === "other");
}

function nameOf(dataset: Dataset, role: "text" | "textPair" | "label"): string | undefined {
  return dataset.columns.find((column) => column.role === role)?.name;
}
