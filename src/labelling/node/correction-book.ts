/** Corrections of a data set on disk: a journal beside it, begun with the first correction. */
import { existsSync } from "node:fs";
import type { Dataset } from "../../data/dataset/dataset.js";
import { type Corrections, correctionsOf } from "../corrections.js";
import { type DecisionEntry, rowHash } from "../decisions.js";
import { type Journal, openJournal, readJournalContent } from "./journal.js";

/** What the name of the journal ends in, after that of the data. */
export const CORRECTIONS = ".corrections.jsonl";

export interface CorrectionBook {
  readonly path: string;
  /** Those that stand. @throws E_DATA for a file that is no journal */
  corrections(): Promise<Corrections>;
  /** Says what the label of a row's text is, as `labelOfRow` writes it. Resolves once it is on the disk. @throws E_STORE while another session has it */
  relabel(dataset: Dataset, row: number, label: string): Promise<void>;
  close(): Promise<void>;
}

export interface CorrectionBookRequest {
  readonly path: string;
  /** What is corrected: a path from the folder of the journal. */
  readonly source: string;
  readonly classes: readonly string[];
  readonly now: () => Date;
}

/** The corrections in the journal at `path` that stand. @throws E_DATA where they cannot be read */
export async function readCorrections(path: string): Promise<Corrections> {
  return correctionsOf((await readJournalContent(path)).entries);
}

export function createCorrectionBook({ path, source, classes, now }: CorrectionBookRequest): CorrectionBook {
  let opening: Promise<{ readonly journal: Journal; readonly entries: DecisionEntry[] }> | undefined;
  const open = () => {
    opening ??= openJournal(path, { source, classes: [...classes] }).then((journal) => ({
      journal,
      entries: [...journal.entries],
    }));
    // Another session may be gone the next time.
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };
  return {
    path,
    async corrections() {
      if (opening !== undefined) return correctionsOf((await opening).entries);
      return existsSync(path) ? readCorrections(path) : new Map();
    },
    async relabel(dataset, row, label) {
      const { journal, entries } = await open();
      const entry = { action: "label", row, text: rowHash(dataset, row), label, at: now().toISOString() } as const;
      await journal.append(entry);
      entries.push(entry);
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.journal.close();
    },
  };
}
