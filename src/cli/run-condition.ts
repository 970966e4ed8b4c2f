/** A condition on runs as it is written on the command line: `config.learningRate>=1e-4`, `summary.best/macroF1`. */
import { fail } from "../base/errors.js";
import type { RunCondition, RunField } from "../tracking/queries/run-query.js";

const FIELD = /^(?:(?:config|summary)\..+|id|name|project|group|jobType|notes|state|created|duration)$/s;
/** What stands between a field and a value; `~` asks for a part of a text. */
const OPERATORS = { "!=": "!=", "<=": "<=", ">=": ">=", "=": "=", "<": "<", ">": ">", "~": "contains" } as const;

/** @throws E_CONFIG where there is no such field */
export function parseRunCondition(text: string): RunCondition {
  const written = /^(.*?)\s*(!=|<=|>=|=|<|>|~)\s*(.*)$/s.exec(text);
  const name = (written?.[1] ?? text).trim();
  if (!isRunField(name))
    fail("E_CONFIG", {
      option: "where",
      expected: "FIELD, FIELD=VALUE or the like, with a field such as config.learningRate, summary.best/loss or name",
      got: JSON.stringify(text),
    });
  if (written === null) return { field: name, is: "set" };
  const [, , operator, value] = written;
  return { field: name, is: OPERATORS[operator as keyof typeof OPERATORS], value: parseValue(value) };
}

/** Whether runs can be sorted and filtered by this. */
export function isRunField(name: string): name is RunField {
  return FIELD.test(name);
}

/** A value as it is written in a word of a command: true, false, a finite number, or else the text. */
export function parseValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? text : number;
}
