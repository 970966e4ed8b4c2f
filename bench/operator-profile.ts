/** The time of each operator, from the profiles that onnxruntime writes. */
import { readFile } from "node:fs/promises";

export interface OperatorTime {
  readonly operator: string;
  /** Of all runs together. */
  readonly milliseconds: number;
  readonly calls: number;
  /** Floating-point operations of matrix products, of all runs together; 0 for other operators. */
  readonly flops: number;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    /** One object a tensor: element type to shape. */
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** The operators of the profiles at `paths`, all together, by falling time. */
export async function readOperatorProfiles(paths: readonly string[]): Promise<OperatorTime[]> {
  const operators = new Map<string, OperatorTime>();
  for (const path of paths) {
    for (const { cat, name, dur, args } of JSON.parse(await readFile(path, "utf8")) as ProfileEvent[]) {
      if (cat !== "Node" || !name.endsWith("_kernel_time") || args.op_name === undefined) continue;
      const known = operators.get(args.op_name) ?? { operator: args.op_name, milliseconds: 0, calls: 0, flops: 0 };
      operators.set(args.op_name, {
        ...known,
        milliseconds: known.milliseconds + dur / 1000,
        calls: known.calls + 1,
        flops: known.flops + productFlops(args),
      });
    }
  }
  return [...operators.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

/** 2 m k n of a product [m, k] [k, n], and of each in a stack of them: twice √(|A| |B| |Y| stack). */
function productFlops({ op_name = "", input_type_shape = [], output_type_shape = [] }: ProfileEvent["args"]): number {
  if (!/^(Fused)?(MatMul|Gemm)$/.test(op_name)) return 0;
  const shapes = [...input_type_shape.slice(0, 2), ...output_type_shape.slice(0, 1)].map(
    (tensor) => Object.values(tensor)[0],
  );
  const [a, b, y] = shapes.map((shape) => shape.reduce((size, dim) => size * dim, 1));
  // Where B is one matrix for all of A's, A counts as one long matrix.
  const stack = shapes[1].length > 2 ? shapes[1].slice(0, -2).reduce((size, dim) => size * dim, 1) : 1;
  return 2 * Math.sqrt(a * b * (y / stack));
}
