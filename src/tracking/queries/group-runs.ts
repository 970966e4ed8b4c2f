/** Runs put together by what they have in common, with what they came to on average. */
import { sql } from "kysely";
import type { Store } from "../store/node/open-store.js";
import { crashedRuns, fieldValue, filterRuns, type RunField, type RunFilter } from "./run-query.js";

/** Numbers of several runs as one. */
export interface Spread {
  /** Runs that have a number. */
  readonly runs: number;
  readonly mean: number;
  /** Standard deviation of a sample: 0 for one run. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

export interface RunGroup {
  /** What they have in common: a value for each field that was grouped by, null where they have none. */
  readonly keys: readonly (string | number | null)[];
  /** The newest first. */
  readonly ids: readonly string[];
  /** When the newest was made, in milliseconds since 1970. */
  readonly newest: number;
  /** For each field that was asked for; undefined where no run has a number. */
  readonly spreads: readonly (Spread | undefined)[];
}

/**
 * Groups of runs, the one with the newest run first.
 *
 * @param by what runs of a group have in common, such as `["config.learningRate"]`; `"group"` is the group of `init`
 * @param of numbers to summarize, such as `["summary.best/macroF1", "duration"]`
 */
export async function groupRuns(
  store: Store,
  {
    by,
    of = [],
    filter = {},
  }: { readonly by: readonly RunField[]; readonly of?: readonly RunField[]; readonly filter?: RunFilter },
  now: number = Date.now(),
): Promise<readonly RunGroup[]> {
  const { db, engine } = store;
  const crashed = await crashedRuns(store, now);
  const cell = (name: string, field: RunField) => {
    const { number, text } = fieldValue(engine, field, crashed);
    return [number.as(`${name}_number`), text.as(`${name}_text`)];
  };
  const rows = await filterRuns(engine, db.selectFrom("runs"), filter, crashed)
    .select(["id", "created_at"])
    .select([
      ...by.flatMap((field, i) => cell(`by${i}`, field)),
      ...of.map((field, i) => fieldValue(engine, field, crashed).number.as(`of${i}`)),
      sql<number>`1`.as("one"),
    ])
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  const groups = new Map<string, (typeof rows)[number][]>();
  const read = (row: (typeof rows)[number], name: string) =>
    (row as unknown as Readonly<Record<string, string | number | null>>)[name];
  const keysOf = (row: (typeof rows)[number]) =>
    by.map((_, i) => read(row, `by${i}_number`) ?? read(row, `by${i}_text`));
  for (const row of rows) {
    const key = JSON.stringify(keysOf(row));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((members) => ({
    keys: keysOf(members[0]),
    ids: members.map(({ id }) => id),
    newest: members[0].created_at,
    spreads: of.map((_, i) => spreadOf(members.map((row) => read(row, `of${i}`)))),
  }));
}

function spreadOf(values: readonly unknown[]): Spread | undefined {
  const numbers = values.filter((value): value is number => typeof value === "number");
  if (numbers.length === 0) return undefined;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    runs: numbers.length,
    mean,
    deviation: numbers.length === 1 ? 0 : Math.sqrt(squares / (numbers.length - 1)),
    min: numbers.reduce((least, value) => Math.min(least, value)),
    max: numbers.reduce((greatest, value) => Math.max(greatest, value)),
  };
}
