/** W&B's YAML as plain values. */
import { isScalar, parseDocument, visit } from "yaml";
import { fail } from "../base/errors.js";

/**
 * The values in a sweep's YAML, or JSON. YAML 1.1 is read, as PyYAML reads it for W&B; `1e-5`, which that takes for a
 * text, is a number.
 *
 * @throws E_CONFIG naming the line where it is no YAML
 */
export function readSweepConfig(text: string, where: string): unknown {
  const document = parseDocument(text.replace(/^\uFEFF/, ""), { version: "1.1", merge: true, intAsBigInt: true });
  const [error] = document.errors;
  if (error !== undefined)
    return fail(
      "E_CONFIG",
      {
        where: error.linePos === undefined ? where : `${where}, line ${error.linePos[0].line}`,
        expected: "YAML",
        got: (error.message.split("\n")[0] ?? "").replace(/ at line \d+.*$/, ""),
      },
      error,
    );
  // W&B tells 1 from 1.0: the first makes a distribution of whole numbers, which no number of JavaScript says.
  visit(document, {
    Map(_, map) {
      const [min, max] = [map.get("min", true), map.get("max", true)];
      if (!isScalar(min) || !isScalar(max) || map.has("distribution")) return;
      const numbers = [min.value, max.value];
      if (numbers.every((value) => typeof value === "number" || typeof value === "bigint"))
        map.set("distribution", numbers.every((value) => typeof value === "bigint") ? "int_uniform" : "uniform");
    },
    Scalar(_, scalar) {
      if (typeof scalar.value === "bigint") scalar.value = Number(scalar.value);
    },
  });
  return document.toJS();
}
