import { expect, it } from "vitest";
import { predictionFormat } from "./format-prediction.js";
import type { OutputStream, Terminal } from "./terminal.js";

function terminalOf(stdout: Partial<OutputStream>): Terminal {
  const stream = { write: () => true, once: () => {}, off: () => {}, on: () => {}, ...stdout };
  return {
    stdin: (async function* () {})(),
    stdout: stream,
    stderr: stream,
    environment: { NO_COLOR: "1" },
    now: () => 0,
    onInterrupt: () => () => {},
    exit: () => {},
  };
}
const prediction = { label: "spam", probability: 0.98765, scores: { ham: 0.01235, spam: 0.98765 } };

it("writes one line of three tabbed fields for a text of several lines", () => {
  const format = predictionFormat(terminalOf({}), ["ham", "spam"], false);
  expect(format({ text: "win\t1\n000" }, prediction)).toBe("spam\t0.9877\twin 1 000\n");
  expect(format({ text: "a", textPair: "b\tc" }, prediction)).toBe("spam\t0.9877\ta\tb c\n");
  expect(format({ text: " " }, undefined)).toBe("\t\t \n");
});

it("writes an object a line as JSON, with null for a text without prediction", () => {
  const format = predictionFormat(terminalOf({}), ["ham", "spam"], true);
  expect(JSON.parse(format({ text: "a\nb" }, prediction))).toEqual({ text: "a\nb", ...prediction });
  expect(format({ text: "" }, undefined)).toBe('{"text":"","label":null,"probability":null,"scores":null}\n');
});

it("fits lines to a terminal, where a sign may take two columns, and cuts none in two", () => {
  const format = predictionFormat(terminalOf({ isTTY: true, columns: 40 }), ["ham", "spam"], false);
  const line = format({ text: "😀".repeat(50) }, prediction);
  expect(line).toBe(`spam  0.9877  ${"😀".repeat(12)}…\n`);
});

it("says which words speak for the label: as a cell of a table, in JSON, and in colours at a terminal", () => {
  const word = (text: string, start: number, score: number) => {
    return { text, start, end: start + text.length, of: "text" as const, score };
  };
  const words = [word("win", 0, 1.5), word("a", 4, 0.01), word("loss", 6, -0.75)];
  const explanation = { label: "spam", value: 2, baselineValue: 1, error: 0, tokens: words, words };
  const text = "win a loss";
  const cells = predictionFormat(terminalOf({}), ["ham", "spam"], false);
  expect(cells({ text }, prediction, explanation)).toBe("spam\t0.9877\twin a loss\t+1.50 win, -0.75 loss, +0.01 a\n");
  const json = predictionFormat(terminalOf({}), ["ham", "spam"], true);
  expect(JSON.parse(json({ text }, prediction, explanation)).explanation).toEqual(explanation);
  const plain = predictionFormat(terminalOf({ isTTY: true, columns: 80 }), ["ham", "spam"], false);
  expect(plain({ text }, prediction, explanation)).toBe(
    "spam  0.9877  win a loss\n    spam: +1.50 win  -0.75 loss  +0.01 a\n",
  );
  const colours = predictionFormat(
    { ...terminalOf({ isTTY: true, columns: 80 }), environment: {} },
    ["ham", "spam"],
    false,
  );
  const on = (shade: number, part: string) => `\u001b[48;5;${shade};38;5;231m${part}\u001b[0m`;
  expect(colours({ text }, prediction, explanation)).toContain(`    ${on(34, "win")} a ${on(88, "loss")}\n`);
});
