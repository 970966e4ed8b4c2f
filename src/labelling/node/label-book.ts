/** The labels of a file while they are given: decisions on disk, and what stands of them. */
import { fail } from "../../base/errors.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { writeDataset } from "../../data/dataset/node/write-dataset.js";
import { type DecisionEntry, type RowEntry, rowHash, standingDecisions } from "../decisions.js";
import type { Decided } from "../study.js";
import { openJournal } from "./journal.js";

/** What a person says of a row. */
export type Saying = { readonly action: "label"; readonly label: string } | { readonly action: "skip" | "unsure" };

export interface LabelBook {
  readonly path: string;
  readonly dataset: Dataset;
  /** Those that were named at the beginning, and those that were given since. */
  readonly classes: readonly string[];
  /** What a person should know of the opening. */
  readonly notices: readonly string[];
  /** The latest decision about each row. */
  readonly decisions: ReadonlyMap<number, RowEntry>;
  /** Resolves once it is on the disk. @throws E_CONFIG for a row that there is not, or a label without a name */
  decide(row: number, saying: Saying): Promise<void>;
  /** Takes the latest decision back, and returns it; undefined where there is none. */
  undo(): Promise<RowEntry | undefined>;
  /** What an undo would take back. */
  last(): RowEntry | undefined;
  /** For the model that learns. */
  decided(): Decided;
  /** The labelled rows with all their columns. */
  labelled(): Dataset;
  /** Writes the labelled rows, in the format of the name. @throws as writeDataset does */
  export(path: string, overwrite: boolean): Promise<number>;
  close(): Promise<void>;
}

export interface BookRequest {
  /** The journal. */
  readonly path: string;
  readonly dataset: Dataset;
  readonly source: string;
  readonly text?: string | undefined;
  readonly textPair?: string | undefined;
  readonly classes: readonly string[];
  readonly now: () => Date;
}

/** @throws E_STORE while another session has it, E_DATA for a file that is no journal */
export async function openLabelBook({ path, dataset, now, ...header }: BookRequest): Promise<LabelBook> {
  const classes = [...new Set(header.classes)];
  const journal = await openJournal(path, { ...header, classes });
  const find = rowFinder(dataset);
  let lost = 0;
  const entries: DecisionEntry[] = journal.entries.map((entry) => {
    if (entry.action === "undo") return entry;
    const row = find(entry.row, entry.text);
    // A row that is gone keeps its place among the decisions, so that an undo takes back what it took back.
    if (row === undefined) lost++;
    return { ...entry, row: row ?? -1 };
  });
  let decisions = standingDecisions(entries);
  const names = [...new Set([...journal.header.classes, ...classes])];
  const learn = ({ byRow }: typeof decisions): void => {
    for (const entry of byRow.values())
      if (entry.action === "label" && !names.includes(entry.label)) names.push(entry.label);
  };
  learn(decisions);
  const add = async (entry: DecisionEntry): Promise<void> => {
    await journal.append(entry);
    entries.push(entry);
    decisions = standingDecisions(entries);
    learn(decisions);
  };
  const decided = (): Decided => {
    const rows: number[] = [];
    const ids: number[] = [];
    const passed: number[] = [];
    for (const entry of decisions.byRow.values()) {
      if (entry.row < 0) continue;
      if (entry.action !== "label") passed.push(entry.row);
      else {
        rows.push(entry.row);
        ids.push(names.indexOf(entry.label));
      }
    }
    return { labelled: { rows, classes: ids }, passed };
  };
  const labelled = (): Dataset => {
    const { rows, classes: ids } = decided().labelled;
    const order = [...rows.keys()].sort((a, b) => rows[a] - rows[b]);
    let at = 0;
    return dataset.select(order.map((place) => rows[place])).map(() => ({ label: names[ids[order[at++]]] }), names);
  };
  return {
    path,
    dataset,
    get classes() {
      return names;
    },
    notices: [
      ...(journal.wasTorn ? ["the last line of the labels was cut off by a crash, and was left out"] : []),
      ...(lost > 0 ? [`${lost} labels are of texts that are no more in the file, and are left out`] : []),
    ],
    get decisions() {
      return decisions.byRow;
    },
    async decide(row, saying) {
      if (!Number.isInteger(row) || row < 0 || row >= dataset.length)
        fail("E_CONFIG", { option: "row", expected: `a row below ${dataset.length}`, got: String(row) });
      if (saying.action === "label" && saying.label.trim() === "")
        fail("E_CONFIG", { option: "label", expected: "a name", got: "nothing" });
      await add({ ...saying, row, text: rowHash(dataset, row), at: now().toISOString() });
    },
    async undo() {
      const last = decisions.standing.at(-1);
      if (last === undefined) return undefined;
      await add({ action: "undo", at: now().toISOString() });
      return last;
    },
    last: () => decisions.standing.findLast(({ row }) => row >= 0),
    decided,
    labelled,
    async export(to, overwrite) {
      const rows = labelled();
      await writeDataset(rows, to, { overwrite });
      return rows.length;
    },
    close: () => journal.close(),
  };
}

/** Finds the row of a decision: where it was, or where its text is now. */
function rowFinder(dataset: Dataset): (row: number, hash: string) => number | undefined {
  let byHash: Map<string, number> | undefined;
  return (row, hash) => {
    if (row < dataset.length && rowHash(dataset, row) === hash) return row;
    if (byHash === undefined) {
      byHash = new Map();
      for (let at = dataset.length - 1; at >= 0; at--) byHash.set(rowHash(dataset, at), at);
    }
    return byHash.get(hash);
  };
}
