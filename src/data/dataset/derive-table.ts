/** Tables made from the rows of other data sets: mapped, joined end to end, balanced. */
import { fail } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import type { Cell, ColumnKind } from "../table/cell.js";
import { type LabelRule, listed, resolveLabels } from "../table/labels.js";
import { buildTextColumn, joinColumns, type TextColumn } from "../table/text-column.js";
import type { BalanceOptions, Column, Dataset, MappedRow, Row, Table, TableView } from "./dataset.js";

/** Gathers rows whose texts and labels are there already. */
function buildTable(
  columns: readonly { readonly name: string; readonly kind: ColumnKind }[],
  textName: string,
  labelName: string | undefined,
) {
  const text = buildTextColumn();
  const raw = new Map<string, number>();
  const ids: number[] = [];
  const further = columns.map((column) => ({ ...column, values: buildTextColumn() }));
  return {
    add(value: string, label: string | undefined, cells: readonly Cell[]): void {
      text.push(value);
      if (label === undefined) ids.push(-1);
      else {
        const id = raw.get(label) ?? raw.size;
        if (id === raw.size) raw.set(label, id);
        ids.push(id);
      }
      further.forEach((column, i) => {
        const cell = cells[i];
        column.values.push(cell === undefined ? undefined : String(cell));
      });
    },
    finish(rule: LabelRule | undefined, where: string): Table {
      const labelled = labelName !== undefined && raw.size > 0;
      const resolved = labelled ? resolveLabels([...raw.keys()], rule, where) : undefined;
      return {
        text: text.finish(),
        labelIds:
          resolved === undefined
            ? undefined
            : Int32Array.from(ids, (id) => (id < 0 ? -1 : (resolved.ids[id] as number))),
        labelNames: resolved?.names ?? [],
        columns: further.map(({ name, kind, values }): Column => ({ name, kind, values: values.finish() })),
        textName,
        labelName: labelled ? labelName : undefined,
      };
    },
  };
}

/** The table of `dataset` with other texts or labels; the classes stay as they are if they hold every new label. */
export function mapTable(dataset: Dataset, change: (row: Row) => MappedRow, rule: LabelRule | undefined): Table {
  const columns = further(dataset);
  const builder = buildTable(columns, nameOf(dataset, "text") as string, nameOf(dataset, "label") ?? "label");
  const known = new Set(dataset.labels.names);
  let allKnown = known.size > 0;
  for (const row of dataset) {
    const changed = change(row);
    const text = changed.text ?? row.text;
    if (typeof text !== "string")
      fail("E_USAGE", {
        where: `map, row ${row.index}`,
        expected: "a text",
        got: typeof text,
        fix: "return { text } or { label } or both",
      });
    const label = changed.label ?? row.label;
    if (label !== undefined && !known.has(label)) allKnown = false;
    builder.add(
      text,
      label,
      columns.map((column) => row.value(column.name)),
    );
  }
  return builder.finish(rule ?? (allKnown ? dataset.labels : undefined), `${dataset.source}, map`);
}

/**
 * The rows of several data sets one after the other, sharing their texts, with the columns that all have. Classes are those
 * of the first where they suffice, otherwise all that occur, sorted.
 *
 * @throws E_DATA where some have labels and others not
 */
export function concatTable(views: readonly TableView[]): Table {
  const datasets = views.map(({ dataset }) => dataset);
  const first = datasets[0] as Dataset;
  const labelled = datasets.filter((dataset) => dataset.labels.names.length > 0);
  if (labelled.length > 0 && labelled.length < datasets.length) {
    const without = datasets.find((dataset) => dataset.labels.names.length === 0) as Dataset;
    fail("E_DATA", {
      where: `concat, ${without.source}`,
      expected: "labels, as the others have",
      got: "none",
      fix: "read it with a label column",
    });
  }
  const columns = further(first).filter(({ name, kind }) =>
    datasets.every((dataset) => further(dataset).some((other) => other.name === name && other.kind === kind)),
  );
  const joined = (columnOf: (table: Table) => TextColumn): TextColumn =>
    joinColumns(views.map(({ table, rows }) => ({ column: columnOf(table), rows })));
  const names = new Set(first.labels.names);
  const sufficient = datasets.every((dataset) => dataset.labels.names.every((name) => names.has(name)));
  const present = new Set(
    datasets.flatMap(({ labels }) => labels.names.filter((_, id) => (labels.counts[id] as number) > 0)),
  );
  const values = [...present];
  const resolved =
    values.length === 0 ? undefined : resolveLabels(values, sufficient ? first.labels : undefined, "concat");
  const idOf = new Map(values.map((name, i) => [name, resolved?.ids[i] as number]));
  return {
    text: joined((table) => table.text),
    labelIds: resolved === undefined ? undefined : joinedLabels(datasets, idOf),
    labelNames: resolved?.names ?? [],
    columns: columns.map(({ name, kind }) => ({
      name,
      kind,
      values: joined((table) => (table.columns.find((column) => column.name === name) as Column).values),
    })),
    textName: nameOf(first, "text") as string,
    labelName: resolved === undefined ? undefined : nameOf(first, "label"),
  };
}

/** The class id of every row, under the ids of `idOf`; -1 where it has none. */
function joinedLabels(datasets: readonly Dataset[], idOf: ReadonlyMap<string, number>): Int32Array {
  const ids = new Int32Array(datasets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const dataset of datasets) {
    const mapped = dataset.labels.names.map((name) => idOf.get(name) ?? -1);
    for (let row = 0; row < dataset.length; row++) ids[at++] = mapped[dataset.labelId(row)] ?? -1;
  }
  return ids;
}

/** The rows of a balanced data set, in ascending order, repeated ones beside each other. */
export function balancedRows(dataset: Dataset, options: BalanceOptions): Uint32Array {
  const { names, counts } = dataset.labels;
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
  const random = createRandom(options.seed ?? 0).fork("balance");
  const members: number[][] = names.map(() => []);
  for (let row = 0; row < dataset.length; row++) members[dataset.labelId(row)]?.push(row);
  const chosen: number[] = [];
  for (const rows of members) {
    if (rows.length === 0) continue;
    if (method === "undersample") chosen.push(...random.shuffle([...rows]).slice(0, wanted));
    else {
      // Every row as often as any other, and only the remainder is drawn.
      let left = wanted;
      for (; left >= rows.length; left -= rows.length) for (const row of rows) chosen.push(row);
      chosen.push(...random.shuffle([...rows]).slice(0, left));
    }
  }
  return Uint32Array.from(chosen).sort();
}

function further(dataset: Dataset): readonly { readonly name: string; readonly kind: ColumnKind }[] {
  return dataset.columns.filter((column) => column.role === "other");
}

function nameOf(dataset: Dataset, role: "text" | "label"): string | undefined {
  return dataset.columns.find((column) => column.role === role)?.name;
}
