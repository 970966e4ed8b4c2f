import { expect, it } from "vitest";
import { parseRunCondition } from "./run-condition.js";

it("reads fields, signs and values, and a field alone as one that has a value", () => {
  expect(parseRunCondition("config.learningRate>=1e-4")).toEqual({
    field: "config.learningRate",
    is: ">=",
    value: 1e-4,
  });
  expect(parseRunCondition("summary.best/macroF1 < .5")).toEqual({
    field: "summary.best/macroF1",
    is: "<",
    value: 0.5,
  });
  expect(parseRunCondition("config.optim!=adamw")).toEqual({ field: "config.optim", is: "!=", value: "adamw" });
  expect(parseRunCondition("config.balanced=true")).toEqual({ field: "config.balanced", is: "=", value: true });
  expect(parseRunCondition("notes~too few=")).toEqual({ field: "notes", is: "contains", value: "too few=" });
  expect(parseRunCondition("group=")).toEqual({ field: "group", is: "=", value: "" });
  expect(parseRunCondition("summary.test/accuracy")).toEqual({ field: "summary.test/accuracy", is: "set" });
});

it("says what a field is where there is none", () => {
  for (const text of ["learningRate=1", "=1", "", "config.=1"])
    expect(() => parseRunCondition(text)).toThrow(/option where: expected FIELD.*config\.learningRate/);
});
