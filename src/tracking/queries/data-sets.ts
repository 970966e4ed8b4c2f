/** The data sets that runs were trained on, as the runs recorded them. */
import type { Environment } from "../environment.js";
import type { JsonObject } from "../json.js";
import type { Store } from "../store/node/open-store.js";

/** A part of a data set, as a run recorded it. */
export interface RecordedPart {
  readonly name: string;
  /** The path or address that was read. */
  readonly source: string;
  readonly rows: number;
  readonly fingerprint: string;
}

/** Rows that runs were trained on. */
export interface RecordedDataSet {
  /** Of the rows that were trained on. */
  readonly fingerprint: string;
  /** Of the newest of the runs. */
  readonly parts: readonly RecordedPart[];
  /** The newest first. */
  readonly runs: readonly { readonly id: string; readonly name: string; readonly createdAt: number }[];
  /** What the newest of the runs was made with, and its options. */
  readonly environment: Environment;
  readonly config: JsonObject;
}

/** Data sets by the fingerprint of what was trained on, those used last first. Runs that recorded none have no part in it. */
export async function listDataSets({ db }: Store): Promise<readonly RecordedDataSet[]> {
  const rows = await db
    .selectFrom("runs")
    .select(["id", "name", "created_at", "environment_json", "config_json"])
    .orderBy("created_at", "desc")
    .execute();
  const found = new Map<string, RecordedDataSet & { readonly runs: RecordedDataSet["runs"][number][] }>();
  for (const row of rows) {
    const environment = JSON.parse(row.environment_json) as Environment;
    const parts = partsIn(environment.data);
    const fingerprint = parts[0]?.fingerprint;
    if (fingerprint === undefined) continue;
    const run = { id: row.id, name: row.name, createdAt: row.created_at };
    const known = found.get(fingerprint);
    if (known !== undefined) known.runs.push(run);
    else {
      const config = JSON.parse(row.config_json) as JsonObject;
      found.set(fingerprint, { fingerprint, parts, runs: [run], environment, config });
    }
  }
  return [...found.values()];
}

/** The parts that were recorded, the one that was trained on first; none where that is not told. */
function partsIn(data: Environment["data"]): RecordedPart[] {
  const parts = Object.entries((data ?? {}) as Readonly<Record<string, Partial<RecordedPart> | undefined>>).flatMap(
    ([name, part]) => {
      const { source, rows, fingerprint } = part ?? {};
      if (typeof source !== "string" || typeof rows !== "number" || typeof fingerprint !== "string") return [];
      return [{ name, source, rows, fingerprint }];
    },
  );
  return parts.some(({ name }) => name === "train")
    ? parts.sort((a, b) => Number(b.name === "train") - Number(a.name === "train"))
    : [];
}
