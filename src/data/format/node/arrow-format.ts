import { defineFormat } from "../data-format.js";

/** Arrow's file and stream formats. A stream has no mark of its own at its start, so there the name decides. */
export const arrow = defineFormat({
  name: "arrow",
  title: "Arrow",
  endings: [".arrow", ".feather", ".ipc"],
  options: [],
  hasMagic: (start) => new TextDecoder("latin1").decode(start.subarray(0, 6)) === "ARROW1",
  read: async (input) => (await import("./arrow.js")).arrowRows(input.bytes(), input.source),
});
