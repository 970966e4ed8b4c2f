import { defineFormat } from "./data-format.js";
import { patternRows } from "./pattern-rows.js";

/** Text with one example a line: as it is, or taken apart by a pattern. */
export const lines = defineFormat({
  name: "lines",
  title: "lines",
  endings: [],
  options: ["pattern", "encoding"],
  sniff: (_, name) => name.toLowerCase().endsWith(".txt"),
  read: async (input, options) => patternRows(await input.text(), input.source, options.pattern),
});
