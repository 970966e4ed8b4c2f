/** The points of runs as a table in a file: a row for each, with run, metric, step, time and value. */

import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { replaceFile } from "../../../base/node/replace-file.js";
import { withDuckDB } from "../../../data/format/node/parquet.js";
import { sqlText } from "../../../data/format/node/sql-text.js";
import type { RunDetails, RunRow } from "../../queries/runs.js";
import type { Store } from "../../store/node/open-store.js";
import { pointsOf } from "../points.js";

/** The formats of tables of points. */
export type PointFormat = "csv" | "json" | "parquet";

/** Writes all points of `runs` to `path`; what stands there is whole. */
export async function writePoints(
  store: Store,
  runs: readonly RunDetails[],
  path: string,
  format: PointFormat,
): Promise<void> {
  await replaceFile(path, async (temporary) => {
    if (format === "parquet") return writeParquet(store, runs, temporary);
    const lines = format === "csv" ? csvOf(store, runs) : jsonOf(store, runs);
    return pipeline(Readable.from(lines), createWriteStream(temporary));
  });
}

/** NaN and infinities by their names, as pandas and DuckDB read them. */
async function* csvOf(store: Store, runs: readonly RunRow[]): AsyncGenerator<string> {
  yield "run,metric,step,time,value\n";
  for (const run of runs) {
    for await (const points of pointsOf(store, run)) {
      yield points
        .map(
          ({ metric, step, time, value }) =>
            `${run.id},${quoted(metric)},${step},${new Date(time).toISOString()},${value}\n`,
        )
        .join("");
    }
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An array of the runs, each with its points by metric: `[step, time, value]`, NaN and infinities as texts. */
async function* jsonOf(store: Store, runs: readonly RunDetails[]): AsyncGenerator<string> {
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_, one: unknown) => (typeof one === "number" && !Number.isFinite(one) ? String(one) : one));
  yield "[";
  let first = true;
  for (const run of runs) {
    yield `${first ? "" : ","}\n${plain(run).slice(0, -1)},"points":{`;
    first = false;
    let metric: string | undefined;
    for await (const points of pointsOf(store, run)) {
      const name = points[0]?.metric;
      if (name !== metric) yield `${metric === undefined ? "" : "],"}\n${plain(name)}:[`;
      else yield ",";
      metric = name;
      yield points.map(({ step, time, value }) => plain([step, time, value])).join(",");
    }
    yield metric === undefined ? "}}" : "]}}";
  }
  yield "\n]\n";
}

/** Parquet through DuckDB, which reads the rows from a CSV file beside it. */
async function writeParquet(store: Store, runs: readonly RunRow[], path: string): Promise<void> {
  const rows = `${path}.csv`;
  try {
    await pipeline(Readable.from(csvOf(store, runs)), createWriteStream(rows));
    const columns = "{run: 'VARCHAR', metric: 'VARCHAR', step: 'BIGINT', time: 'TIMESTAMPTZ', value: 'DOUBLE'}";
    await withDuckDB((connection) =>
      connection.run(
        `copy (select * from read_csv(${sqlText(rows)}, columns = ${columns}, header = true, delim = ',', quote = '"', auto_detect = false)) to ${sqlText(path)} (format parquet, compression zstd)`,
      ),
    );
  } finally {
    await rm(rows, { force: true });
  }
}
