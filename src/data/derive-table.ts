/** Tables made from the rows of other data sets: mapped, joined end to end, balanced. */
import { fail } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import type { Cell, Column, ColumnKind, Dataset, Row, Table } from "./dataset.js";
import { type LabelRule, listed, resolveLabels } from "./labels.js";
import { buildTextColumn } from "./text-column.js";

/** What `map` makes of a row: what is not given stays. */
export interface MappedRow {
  readonly text?: string;
  readonly label?: string;
}

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
 * The rows of several data sets one after the other, with the columns that all have. Classes are those
 * of the first where they suffice, otherwise all that occur, sorted.
 *
 * @throws E_DATA where some have labels and others not
 */
export function concatTable(datasets: readonly Dataset[]): Table {
  const [first] = datasets as readonly [Dataset];
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
  const builder = buildTable(columns, nameOf(first, "text") as string, nameOf(first, "label"));
  for (const dataset of datasets)
    for (const row of dataset)
      builder.add(
        row.text,
        row.label,
        columns.map((column) => row.value(column.name)),
      );
  const names = new Set(first.labels.names);
  const sufficient = datasets.every((dataset) => dataset.labels.names.every((name) => names.has(name)));
  return builder.finish(labelled.length > 0 && sufficient ? first.labels : undefined, "concat");
}

/** How `balance` makes classes equal: by drawing fewer rows of the frequent ones or repeating rows of the rare ones. */
export interface BalanceOptions {
  readonly method?: "undersample" | "oversample";
  /** Rows of each class; by default those of the rarest (undersample) or the most frequent (oversample). */
  readonly perClass?: number;
  readonly seed?: number;
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
