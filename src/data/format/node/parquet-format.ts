import { defineFormat } from "../data-format.js";

/** Parquet, by DuckDB, which is loaded only when it is needed: it takes a second to start. */
export const parquet = defineFormat({
  name: "parquet",
  title: "Parquet",
  endings: [".parquet"],
  options: [],
  hasMagic: (start) => new TextDecoder("latin1").decode(start.subarray(0, 4)) === "PAR1",
  read: async (input) => (await import("./parquet.js")).parquetRows(await input.path(), input.source),
  writeFile: async (table, path, signal) => (await import("./write-parquet.js")).writeParquet(table, path, signal),
});
