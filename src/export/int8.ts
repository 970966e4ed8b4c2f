/** Weights in 8 bits, activations quantized as they come. */
import {
  asLinear,
  asLookup,
  type OnnxModel,
  type Rewriting,
  rewriteModel,
  SMALL_WEIGHT,
  type Weight,
} from "./rewrite-model.js";

/**
 * Dense layers and embedding tables in 8 bits. A column of a dense layer (an output feature) and a row of a table have
 * a scale each; the layer's input is quantized in every run, with one scale for all of it. Products of activations
 * with each other (attention) stay float32.
 *
 * "int8" weights are symmetric around 0, the fast form on processors with VNNI. "uint8" weights have their zero at 128:
 * without VNNI, where sums of int8 products in pairs do not fit 16 bits, onnxruntime computes these exactly.
 *
 * @source onnxruntime quantization/operators/matmul.py (MatMulInteger), and its optimizer, which joins the nodes
 */
export function quantizeToInt8(model: OnnxModel, type: "int8" | "uint8"): OnnxModel {
  return rewriteModel(model, (node, to) => {
    const layer = asLinear(node, to);
    if (layer !== undefined && layer.weight.values.length >= SMALL_WEIGHT) {
      const { weight, x, bias, y } = layer;
      const [quantized, scale, zero] = to.once(`quantized ${x}`, () =>
        to.node("DynamicQuantizeLinear", [x], { count: 3 }),
      );
      const { matrix, scales, zeros } = int8Layer(weight, type, to);
      const [product] = to.node("MatMulInteger", [quantized, matrix, zero, ...zeros]);
      const [asFloat] = to.node("Cast", [product], { attributes: { to: 1 } });
      const [factor] = to.node("Mul", [scale, scales]);
      const [scaled] = to.node("Mul", [asFloat, factor]);
      to.node("Add", [scaled, bias], { outputs: [y] });
      return true;
    }
    return lookUpInInt8(node, to);
  });
}

/** A lookup in a large table as one in a table of 8 bits with a scale per row; false for any other node. */
export function lookUpInInt8(node: Parameters<typeof asLookup>[0], to: Rewriting): boolean {
  const lookup = asLookup(node, to);
  if (lookup === undefined || lookup.table.values.length < SMALL_WEIGHT) return false;
  const { table, ids, y } = lookup;
  const { rows, columns, name } = table;
  const [matrix, scales] = to.once(`table ${name}`, () => {
    const { values, scales } = quantizeRows(table);
    return [
      to.tensor(`${name}_int8`, "int8", [rows, columns], values),
      to.tensor(`${name}_scale`, "float32", [rows, 1], scales),
    ];
  });
  const [found] = to.node("Gather", [matrix, ids]);
  const [scale] = to.node("Gather", [scales, ids]);
  const [asFloat] = to.node("Cast", [found], { attributes: { to: 1 } });
  to.node("Mul", [asFloat, scale], { outputs: [y] });
  return true;
}

/** The tensors of a dense layer: W transposed [I, O], a scale per output [O], and the zero point where it is not 0. */
function int8Layer(weight: Weight, type: "int8" | "uint8", to: Rewriting) {
  const { rows, columns, name } = weight;
  return to.once(`layer ${name}`, () => {
    const { values, scales } = quantizeRows(weight);
    const transposed = new Uint8Array(values.length);
    const zero = type === "uint8" ? 128 : 0;
    for (let o = 0; o < rows; o++)
      for (let i = 0; i < columns; i++) transposed[i * rows + o] = values[o * columns + i] + zero;
    const matrix = to.tensor(`${name}_${type}`, type, [columns, rows], transposed);
    const zeros = zero === 0 ? [] : [to.tensor(`${name}_zero`, type, [rows], new Uint8Array(rows).fill(zero))];
    return { matrix, scales: to.tensor(`${name}_scale`, "float32", [rows], scales), zeros };
  });
}

const LARGEST = 127;

/** The nearest q in [-127, 127] with w ≈ scale · q, and the scale of each row, so that its largest element is exact. */
function quantizeRows({ rows, columns, values }: Weight): { values: Int8Array; scales: Float32Array } {
  const quantized = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, Math.abs(values[i]));
    // A row of zeros has any scale.
    const scale = largest === 0 ? 1 : largest / LARGEST;
    scales[row] = scale;
    for (let i = start; i < start + columns; i++) quantized[i] = Math.round(values[i] / scale);
  }
  return { values: quantized, scales };
}
