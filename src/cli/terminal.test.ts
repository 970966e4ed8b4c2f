import { expect, it } from "vitest";
import { printable } from "./terminal.js";

it("shows what a terminal would obey, and leaves lines and tabs", () => {
  expect(printable("a\u001b]0;owned\u0007b\u009b2J\tc\nd é 日本")).toBe("a\\x1b]0;owned\\x07b\\x9b2J\tc\nd é 日本");
});
