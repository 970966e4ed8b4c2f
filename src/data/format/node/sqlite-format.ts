import { defineFormat } from "../data-format.js";

/** A table or the answer to a query of a SQLite database. */
export const sqlite = defineFormat({
  name: "sqlite",
  title: "SQLite",
  endings: [".sqlite", ".sqlite3", ".db"],
  options: ["query"],
  hasMagic: (start) => new TextDecoder("latin1").decode(start.subarray(0, 15)) === "SQLite format 3",
  read: async (input, options) =>
    (await import("./sql.js")).sqliteRows(await input.path(), options.query, input.source),
});
