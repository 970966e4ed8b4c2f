import { expect, it } from "vitest";
import { eachValue, toJson } from "./logged-values.js";

it("takes objects apart by dots, as W&B does", () => {
  const found: [string, unknown][] = [];
  eachValue({ loss: 1, val: { f1: { macro: 2 } }, list: [1] }, (name, value) => found.push([name, value]));
  expect(found).toEqual([
    ["loss", 1],
    ["val.f1.macro", 2],
    ["list", [1]],
  ]);
});

it("makes JSON of anything", () => {
  const circle: Record<string, unknown> = { a: 1 };
  circle.self = circle;
  expect(toJson(circle)).toEqual({ a: 1, self: "[circular]" });
  const twice = { b: 2 };
  expect(toJson([twice, twice])).toEqual([{ b: 2 }, { b: 2 }]);
  expect(
    toJson([Number.NaN, -Infinity, 3n, 2n ** 70n, undefined, new Date(0), new Error("no"), new Map([[1, 2]])]),
  ).toEqual(["NaN", "-Infinity", 3, String(2n ** 70n), null, "1970-01-01T00:00:00.000Z", "no", { 1: 2 }]);
  let deep: unknown = 1;
  for (let i = 0; i < 1000; i++) deep = [deep];
  expect(JSON.stringify(toJson(deep))).toContain("[too deep]");
});
