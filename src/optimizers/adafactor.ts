/**
 * Adafactor: the second moment of a matrix is kept as the means of its rows and columns.
 *
 *   s = gradient² + 1e-30, a mean of which is kept with decay 1 - t^-0.8: of rows and columns, or of each element
 *       where the parameter is a vector
 *   u = gradient / sqrt(row column / mean(row))    u = gradient / sqrt(s) for a vector
 *   u = u / max(1, rms(u))
 *   p = p (1 - lr weightDecay) - lr u
 *
 * The learning rate is that of the schedule, as transformers' Trainer sets it (relative_step and scale_parameter are
 * off); there is no first moment.
 */
import { z } from "zod";
import { type Slot, viewOf } from "../runtime/flat-layout.js";
import { defineOptimizer, type StateBuffer } from "./define-optimizer.js";

const EPSILON = 1e-30;
const DECAY_POWER = -0.8;
const CLIP_THRESHOLD = 1;

export const adafactor = defineOptimizer({
  name: "adafactor",
  summary: "a second moment of rows and columns instead of elements: hardly any memory beside the gradients",
  options: z.object({}),
  state: {
    rowMoment: (shape) => (shape.length < 2 ? undefined : [rowsOf(shape)]),
    columnMoment: (shape) => (shape.length < 2 ? undefined : [shape[shape.length - 1]]),
    secondMoment: (shape) => (shape.length < 2 ? shape : undefined),
  },
  // Means over all rows go into the step of each.
  idleRows: () => "involved",
  update: ({ parameters, gradients, state, tensors, step, learningRate, weightDecay, gradientScale }) => {
    const beta2 = 1 - step ** DECAY_POWER;
    for (const slot of tensors) {
      const gradient = viewOf(gradients, slot);
      const parameter = viewOf(parameters, slot);
      const numbers = { beta2, gradientScale, learningRate, weightDecay };
      if (slot.shape.length < 2) stepVector(parameter, gradient, stateOf(state.secondMoment, slot), numbers);
      else stepMatrix(parameter, gradient, stateOf(state.rowMoment, slot), stateOf(state.columnMoment, slot), numbers);
    }
  },
  source: "Shazeer and Stern, arXiv:1804.04235; transformers 5.18, optimization.py `Adafactor`",
});

interface Numbers {
  readonly beta2: number;
  readonly gradientScale: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

function rowsOf(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, dim) => product * dim, 1);
}

function stateOf({ values, layout }: StateBuffer, { name }: Slot): Float32Array {
  return viewOf(values, layout.slots.find((slot) => slot.name === name) as Slot);
}

function stepVector(parameter: Float32Array, gradient: Float32Array, moment: Float32Array, numbers: Numbers): void {
  const { beta2, gradientScale } = numbers;
  const { length } = parameter;
  const updates = new Float64Array(length);
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const g = gradient[i] * gradientScale;
    moment[i] = beta2 * moment[i] + (1 - beta2) * (g * g + EPSILON);
    updates[i] = g / Math.sqrt(moment[i]);
    squares += updates[i] * updates[i];
  }
  const { decay, factor } = factors(squares, length, numbers);
  for (let i = 0; i < length; i++) parameter[i] = parameter[i] * decay - factor * updates[i];
}

/** The gradient goes through three times: means, root mean square of the update, and the update itself. */
function stepMatrix(
  parameter: Float32Array,
  gradient: Float32Array,
  rowMoment: Float32Array,
  columnMoment: Float32Array,
  numbers: Numbers,
): void {
  const { beta2, gradientScale } = numbers;
  const rows = rowMoment.length;
  const columns = columnMoment.length;
  const columnSums = new Float64Array(columns);
  const scale2 = gradientScale * gradientScale;
  let rowTotal = 0;
  for (let row = 0, i = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++, i++) {
      const square = gradient[i] * gradient[i];
      sum += square;
      columnSums[column] += square;
    }
    rowMoment[row] = beta2 * rowMoment[row] + (1 - beta2) * ((scale2 * sum) / columns + EPSILON);
    rowTotal += rowMoment[row];
  }
  const ofColumn = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const mean = (scale2 * columnSums[column]) / rows + EPSILON;
    columnMoment[column] = beta2 * columnMoment[column] + (1 - beta2) * mean;
    ofColumn[column] = gradientScale / Math.sqrt(columnMoment[column]);
  }
  const rowMean = rowTotal / rows;
  let squares = 0;
  for (let row = 0, i = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++, i++) {
      const scaled = gradient[i] * ofColumn[column];
      sum += scaled * scaled;
    }
    squares += (sum * rowMean) / rowMoment[row];
  }
  const { decay, factor } = factors(squares, rows * columns, numbers);
  for (let row = 0, i = 0; row < rows; row++) {
    const ofRow = factor * Math.sqrt(rowMean / rowMoment[row]);
    for (let column = 0; column < columns; column++, i++)
      parameter[i] = parameter[i] * decay - gradient[i] * ofColumn[column] * ofRow;
  }
}

/** What parameters and updates are multiplied by, from the sum of the squares of `count` updates. */
function factors(squares: number, count: number, { learningRate, weightDecay }: Numbers) {
  const rootMeanSquare = Math.sqrt(squares / count);
  return {
    decay: 1 - learningRate * weightDecay,
    factor: learningRate / Math.max(1, rootMeanSquare / CLIP_THRESHOLD),
  };
}
