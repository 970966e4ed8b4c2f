import { expect, it } from "vitest";
import { oneLine, padded, printable, shortened } from "./printable.js";

it("shows what a terminal would obey, and leaves lines and tabs", () => {
  expect(printable("a\u001b]0;owned\u0007b\u009b2J\tc\nd é 日本")).toBe("a\\x1b]0;owned\\x07b\\x9b2J\tc\nd é 日本");
  expect(printable("abc\u202edef")).toBe("abc\\u202edef");
});

it("puts a text on one line", () => {
  expect(oneLine("\u001b[31mred\u001b[0m\r\n\tand\u2028 more\u202e")).toBe("red and more ");
  expect(oneLine("a\nb c", 4)).toBe("a b…");
});

it("cuts by columns, and no sign in two", () => {
  expect(shortened("abcdef", 6)).toBe("abcdef");
  expect(shortened("abcdefg", 6)).toBe("abcde…");
  expect(shortened("日本語", 6)).toBe("日本語");
  expect(shortened("日本語", 5)).toBe("日本…");
  expect(shortened("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5)).toBe("👩‍👩‍👧‍👦👩‍👩‍👧‍👦…");
  expect(shortened(`e${"\u0301".repeat(100_000)}`, 5)).toMatch(/…$/);
  expect(shortened("a".repeat(1e6), 3)).toBe("aa…");
});

it("fills up to columns", () => {
  expect([padded("日", 4, "after"), padded("日", 4, "before"), padded("abcde", 4, "after")]).toEqual([
    "日  ",
    "  日",
    "abcde",
  ]);
});
