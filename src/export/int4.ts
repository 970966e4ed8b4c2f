/** Weights in 4 bits, in blocks. */
import { lookUpInInt8 } from "./int8.js";
import type { OperatorSet } from "./interchange-model.js";
import { asLinear, type OnnxModel, type Rewriting, rewriteModel, SMALL_WEIGHT, type Weight } from "./rewrite-model.js";

/** Weights of one output that share a scale and a zero point. */
const BLOCK = 32;
/** The largest of 16 values. */
const LARGEST = 15;
/** onnxruntime multiplies in 8-bit integers. */
const ACCURACY_LEVEL = 4;

/** The version of ONNX's operators that has 4-bit integers in blocks, and the file format that came with it. */
const OPSET_WITH_BLOCKS = 21;
const IR_WITH_BLOCKS = 10;

/**
 * Dense layers in 4 bits: each 32 weights of an output have a scale and a zero point. Embedding tables are in 8 bits.
 * With onnxruntime's operators a layer is MatMulNBits, which multiplies what is packed. With those of the standard it is
 * DequantizeLinear and a product, of which onnxruntime makes the same when it opens the file.
 *
 * @source onnxruntime ContribOperators.md MatMulNBits; https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export function quantizeToInt4(model: OnnxModel, operators: OperatorSet): OnnxModel {
  const quantized = rewriteModel(model, (node, to) => {
    const layer = asLinear(node, to);
    if (layer === undefined || layer.weight.values.length < SMALL_WEIGHT) return lookUpInInt8(node, to);
    const { weight, x, bias, y } = layer;
    const [product] = operators === "standard" ? standardProduct(weight, x, to) : fusedProduct(weight, x, to);
    to.node("Add", [product, bias], { outputs: [y] });
    return true;
  });
  return operators === "standard"
    ? { ...quantized, irVersion: IR_WITH_BLOCKS, opsetImport: [{ domain: "", version: OPSET_WITH_BLOCKS }] }
    : quantized;
}

function fusedProduct(weight: Weight, x: string, to: Rewriting): readonly string[] {
  const { rows, columns, name } = weight;
  const blocks = Math.ceil(columns / BLOCK);
  const tensors = to.once(`layer ${name}`, () => {
    const { values, scales, zeros } = quantizeBlocks(weight);
    return [
      to.tensor(`${name}_int4`, "uint8", [rows, blocks, BLOCK / 2], packRows(values, blocks * BLOCK)),
      to.tensor(`${name}_scale`, "float32", [rows * blocks], scales),
      to.tensor(`${name}_zero`, "uint8", [rows * Math.ceil(blocks / 2)], packRows(zeros, blocks)),
    ];
  });
  return to.node("MatMulNBits", [x, ...tensors], {
    domain: "com.microsoft",
    attributes: { K: columns, N: rows, bits: 4, block_size: BLOCK, accuracy_level: ACCURACY_LEVEL },
  });
}

function standardProduct(weight: Weight, x: string, to: Rewriting): readonly string[] {
  const { rows, columns, name } = weight;
  const blocks = Math.ceil(columns / BLOCK);
  const [matrix] = to.once(`layer ${name}`, () => {
    const { values, scales, zeros } = quantizeBlocks(weight);
    const whole = columns === blocks * BLOCK ? values : cutRows(values, blocks * BLOCK, columns);
    const tensors = [
      to.tensor(`${name}_int4`, "uint4", [columns, rows], packRows(transpose(whole, rows, columns), rows * columns)),
      to.tensor(`${name}_scale`, "float32", [blocks, rows], transpose(scales, rows, blocks)),
      to.tensor(`${name}_zero`, "uint4", [blocks, rows], packRows(transpose(zeros, rows, blocks), rows * blocks)),
    ];
    return to.node("DequantizeLinear", tensors, { attributes: { axis: 0, block_size: BLOCK } });
  });
  return to.node("MatMul", [x, matrix]);
}

/** Rows of `width` numbers below 16, two to a byte, the first in the lower half; each row begins with a new byte. */
function packRows(values: Uint8Array, width: number): Uint8Array {
  const bytes = Math.ceil(width / 2);
  const packed = new Uint8Array((values.length / width) * bytes);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / width);
    const column = i - row * width;
    packed[row * bytes + (column >> 1)] |= values[i] << (4 * (column & 1));
  }
  return packed;
}

function cutRows(values: Uint8Array, from: number, to: number): Uint8Array {
  return values.filter((_, i) => i % from < to);
}

/** [rows, columns] as [columns, rows]. */
function transpose<T extends Uint8Array | Float32Array>(values: T, rows: number, columns: number): T {
  const result = values.slice() as T;
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c];
  return result;
}

/** w ≈ scale · (q - zero), q and zero in [0, 15]: values [O, blocks · 32], scales and zeros [O, blocks]. */
function quantizeBlocks({ rows, columns, values: weights }: Weight) {
  const blocks = Math.ceil(columns / BLOCK);
  const values = new Uint8Array(rows * blocks * BLOCK);
  const scales = new Float32Array(rows * blocks);
  const zeros = new Uint8Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const from = row * columns + block * BLOCK;
      const part = weights.subarray(from, Math.min(from + BLOCK, (row + 1) * columns));
      // 0 lies within, so that what is padded or pruned stays 0.
      const low = part.reduce((least, value) => Math.min(least, value), 0);
      const high = part.reduce((most, value) => Math.max(most, value), 0);
      const scale = high === low ? 1 : (high - low) / LARGEST;
      const zero = Math.round(-low / scale);
      const at = row * blocks + block;
      scales[at] = scale;
      zeros[at] = zero;
      for (let i = 0; i < BLOCK; i++)
        values[at * BLOCK + i] = Math.min(LARGEST, Math.max(0, Math.round((part[i] ?? 0) / scale) + zero));
    }
  }
  return { values, scales, zeros };
}
