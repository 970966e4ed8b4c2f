import { expect, it } from "vitest";
import { createLineCutter } from "./console-lines.js";

it("keeps of a progress bar its last state, and of escapes nothing", () => {
  const cutter = createLineCutter();
  expect(cutter.cut("\u001b[31mstep 1\u001b[0m\rstep 2\rst")).toEqual([]);
  expect(cutter.cut("ep 3\r\nnext\u0007 line\n\n  in")).toEqual(["step 3", "next  line"]);
  expect(cutter.rest()).toEqual(["  in"]);
  expect(cutter.rest()).toEqual([]);
});

it("holds no more of a line without an end than it would keep", () => {
  const cutter = createLineCutter();
  for (let i = 0; i < 1000; i++) expect(cutter.cut(`${"x".repeat(1000)}\r`)).toEqual([]);
  expect(cutter.cut("done\n")).toEqual(["done"]);
  expect(cutter.cut(`${"y".repeat(100_000)}\n`)[0]).toHaveLength(4000);
});
