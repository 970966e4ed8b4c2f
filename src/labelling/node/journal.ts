/** The file that labels are written to, a line for each decision. */
import { open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { takeOwnerLock } from "../../base/node/owner-lock.js";
import { syncFolder } from "../../base/node/sync-folder.js";
import { type DecisionEntry, decisionEntry } from "../decisions.js";

/** The first line of a journal. */
const headerSchema = z.strictObject({
  textuneLabels: z.literal(1),
  /** What is labelled: a path from the folder of the journal, or an address. */
  source: z.string(),
  /** The column of the texts, and of second texts. */
  text: z.string().optional(),
  textPair: z.string().optional(),
  classes: z.array(z.string()),
});
const FIRST_WORDS = '{"textuneLabels":1';
export type JournalHeader = Omit<z.output<typeof headerSchema>, "textuneLabels">;

/** What is in a journal. */
export interface JournalContent {
  readonly header: JournalHeader;
  readonly entries: readonly DecisionEntry[];
  /** Whether its last line was cut off, by a crash while it was written, and was left out. */
  readonly wasTorn: boolean;
}

/** A journal that this process has to itself, with what was in it when it was opened. */
export interface Journal extends JournalContent {
  /** Resolves once the decision is on the disk. */
  append(entry: DecisionEntry): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the journal at `path`, or makes it with `header`.
 *
 * @throws E_STORE while another process has it open, E_DATA for a file that is no journal, or is damaged but at its end
 */
export async function openJournal(path: string, header: JournalHeader): Promise<Journal> {
  const unlock = await takeOwnerLock(`${path}.lock`, {
    where: path,
    expected: "labels of one session at a time",
    otherwise: "close the other one",
  });
  try {
    const found = await readJournal(path);
    const file = await open(path, "a");
    const write = async (line: unknown): Promise<void> => {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.datasync();
    };
    try {
      if (found === undefined) {
        await write({ textuneLabels: 1, ...header } satisfies z.output<typeof headerSchema>);
        await syncFolder(dirname(path));
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    let last: Promise<void> = Promise.resolve();
    return {
      ...(found ?? { header, entries: [], wasTorn: false }),
      append(entry) {
        // One after the other: the order of the lines is that of the keys.
        const done = last.then(() => write(entry));
        last = done.catch(() => {});
        return done;
      },
      async close() {
        await last;
        await file.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** How the journal at `path` was begun; undefined where there is none. @throws E_DATA for a file that is no journal */
export async function readJournalHeader(path: string): Promise<JournalHeader | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (!text.includes("\n")) return undefined;
  const { textuneLabels: _, ...header } = parsed(headerSchema, text.slice(0, text.indexOf("\n")), path, 1);
  return header;
}

/** What is in a journal; undefined where there is none, or none with a whole line. A torn last line is cut off the file. */
async function readJournal(path: string): Promise<JournalContent | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Uint8Array(0);
    throw error;
  });
  const content = parseJournal(bytes, path);
  // Only what is certainly a journal is cut.
  const end = bytes.lastIndexOf(10) + 1;
  if (end < bytes.length) await truncate(path, end);
  return content;
}

/** What is in the journal at `path`, which another session may have open. @throws E_DATA for a file that is no journal */
export async function readJournalContent(path: string): Promise<JournalContent> {
  const bytes = await readFile(path).catch((cause: unknown) =>
    fail("E_DATA", { where: path, expected: "a file of labels", got: "none that can be read" }, cause),
  );
  return (
    parseJournal(bytes, path) ?? fail("E_DATA", { where: path, expected: "a file of labels", got: "no whole line" })
  );
}

/** Undefined where there is no whole line. */
function parseJournal(bytes: Uint8Array, path: string): JournalContent | undefined {
  const end = bytes.lastIndexOf(10) + 1;
  const wasTorn = end < bytes.length;
  const text = Buffer.from(bytes).toString("utf8");
  // Cut off in its very first line: begun anew.
  if (end === 0 && FIRST_WORDS.startsWith(text.slice(0, FIRST_WORDS.length))) return undefined;
  const [first, ...lines] = Buffer.from(bytes.subarray(0, end)).toString("utf8").split("\n").slice(0, -1);
  const { textuneLabels: _, ...header } = parsed(headerSchema, first ?? text, path, 1);
  const entries = lines.map((line, i) => parsed(decisionEntry, line, path, i + 2));
  return { header, entries, wasTorn };
}

function parsed<T>(schema: z.ZodType<T>, line: string | undefined, path: string, number: number): T {
  try {
    return schema.parse(JSON.parse(line ?? ""));
  } catch (cause) {
    return fail(
      "E_DATA",
      {
        where: `${path}, line ${number}`,
        expected: number === 1 ? "the first line of a file of labels" : "a decision about a row",
        got: (line ?? "").slice(0, 60) || "nothing",
        fix: number === 1 ? "choose another file for the labels" : "take the line out by hand",
      },
      cause,
    );
  }
}
