/**
 * Which parameter an ONNX weight is. Exporters keep the names of most, but store the weight of a dense layer transposed
 * and under a number of its own (`onnx::MatMul_306`, `val_49`). Its product is added to the bias, which kept its name.
 */
import type { ScannedModel } from "./scan.js";

/** A parameter, and the weight that holds it. */
interface NamedWeight {
  readonly name: string;
  readonly stored: string;
  /** The weight is [inputs, outputs] where the parameter is [outputs, inputs]. */
  readonly transposed: boolean;
  /** A bias of zeros, as long as the weight `stored` has rows, which the exporter left out. */
  readonly isZero?: true;
}

/** All parameters that the weights of a model hold; each weight is one at least, under its own name. */
export function parameterNames({ initializers, nodes }: ScannedModel): NamedWeight[] {
  const stored = new Set(initializers.map(({ name }) => name));
  const dense = new Map<string, string>();
  const aliases: NamedWeight[] = [];
  for (const { type, inputs, outputs } of nodes) {
    const [first = "", second = ""] = inputs;
    const [output = ""] = outputs;
    if (type === "MatMul" && stored.has(second)) dense.set(output, second);
    // Parameters of equal values are stored once.
    if (type === "Identity" && stored.has(first)) aliases.push({ name: output, stored: first, transposed: false });
    const [, , third = ""] = inputs;
    if (type === "Gemm" && stored.has(second) && second.endsWith(".weight")) {
      const name = second.replace(/weight$/, "bias");
      if (third === "") aliases.push({ name, stored: second, transposed: false, isZero: true });
      else if (stored.has(third)) aliases.push({ name, stored: third, transposed: false });
    }
  }
  const named = new Map<string, string>();
  const aliased = new Map(aliases.map(({ name, stored: weight }) => [name, weight] as const));
  for (const { type, inputs } of nodes) {
    if (type !== "Add") continue;
    const product = inputs.find((input) => dense.has(input));
    const bias = inputs.find((input) => (stored.has(input) || aliased.has(input)) && input.endsWith(".bias"));
    if (product !== undefined && bias !== undefined)
      named.set(dense.get(product) ?? "", bias.replace(/bias$/, "weight"));
  }
  const own = initializers.map(({ name }): NamedWeight => {
    const parameter = named.get(name);
    return parameter === undefined || stored.has(parameter)
      ? { name, stored: name, transposed: false }
      : { name: parameter, stored: name, transposed: true };
  });
  return [...own, ...aliases.filter(({ name }) => !stored.has(name))];
}
