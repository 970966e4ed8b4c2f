import { describe, expect, it } from "vitest";
import { type Complaint, type ErrorCode, exitCode, fail, TextuneError } from "./errors.js";

const caught = (code: ErrorCode, complaint: Complaint, cause?: unknown): TextuneError => {
  try {
    return fail(code, complaint, cause);
  } catch (error) {
    return error as TextuneError;
  }
};

describe("fail", () => {
  it.each([
    [
      { where: "epochs", expected: "more than 0", got: "-1", fix: "use 3" },
      "epochs: expected more than 0, got -1; use 3",
    ],
    [{ where: "epochs", expected: "more than 0", got: "-1" }, "epochs: expected more than 0, got -1"],
    [{ where: "a.csv", got: "the file is empty" }, "a.csv: the file is empty"],
    [{ where: "a.csv", got: "the file is empty", fix: "add rows" }, "a.csv: the file is empty; add rows"],
    [{ where: "a.csv", expected: "two columns" }, "a.csv: expected two columns"],
  ])("writes %o on one line", (complaint, message) => {
    expect(caught("E_CONFIG", complaint).message).toBe(message);
  });

  it("throws an error of the one class, with its code and what caused it", () => {
    const cause = new Error("ENOENT");
    const error = caught("E_DATA", { where: "a.csv", got: "missing" }, cause);
    expect(error).toBeInstanceOf(TextuneError);
    expect(error).toMatchObject({ name: "TextuneError", code: "E_DATA", cause });
    expect("cause" in caught("E_DATA", { where: "a.csv" })).toBe(false);
  });
});

describe("exitCode", () => {
  it.each([
    ["E_USAGE", 2],
    ["E_CONFIG", 2],
    ["E_ABORTED", 130],
    ["E_DATA", 1],
    ["E_TRAINING", 1],
    ["E_RUNTIME", 1],
  ] as const)("of %s is %i", (code, status) => {
    expect(exitCode(caught(code, { where: "here" }))).toBe(status);
  });

  it("of anything else is 1", () => {
    expect([new Error("no"), undefined, "text", { code: "E_USAGE" }].map(exitCode)).toEqual([1, 1, 1, 1]);
  });
});
