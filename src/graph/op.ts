/**
 * What an operator is: one record that says everything about it; and the values that operators make.
 *
 * The shape rule, the gradient, the float64 reference, the lowering to ONNX, sample and error inputs
 * stand together; the graph, differentiation, the ONNX writer and the generic tests read the record and
 * never branch on an operator's name.
 */
import type { DType } from "./dtype.js";
import type { Shape } from "./shape.js";

/** The element type and shape of a value. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A tensor of the reference interpreter; integers and booleans are held as float64 too. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type Attribute = number | string | boolean | readonly number[] | Shape;
export type Attributes = Readonly<Record<string, Attribute>>;

/**
 * What an input is for: a parameter that training changes, data of a batch, or a dropout mask that the
 * trainer draws (`probability` is that of an element being dropped).
 */
export type InputRole =
  | { readonly kind: "parameter" }
  | { readonly kind: "data" }
  | { readonly kind: "dropout"; readonly probability: number };

export interface Input {
  readonly kind: "input";
  readonly name: string;
  readonly role: InputRole;
}

export interface Constant {
  readonly kind: "constant";
  readonly values: readonly number[];
}

/** One application of an operator. */
export interface Node {
  readonly kind: "node";
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** A tensor of the graph, known by its element type and symbolic shape. */
export interface Value extends TensorType {
  readonly id: number;
  readonly graph: Graph;
  readonly origin: Input | Constant | Node;
  /** Which output of its node it is. */
  readonly index: number;
}

/** A graph under construction. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  /** Declares an input; throws E_GRAPH for a name that is taken. */
  input(name: string, dtype: DType, shape: Shape, role?: InputRole): Value;
  /** A constant; `values` in row-major order, one value fills the whole shape. */
  constant(dtype: DType, shape: readonly number[], values: readonly number[]): Value;
  /** Applies an operator; throws E_SHAPE or E_DTYPE naming it and its inputs. */
  apply(op: Op, inputs: readonly Value[], attributes?: Attributes): readonly Value[];
}

/** What a gradient rule is given. */
export interface GradientContext {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** One per output: the gradient of the loss with respect to it, in the output's shape; undefined where none flows. */
  readonly outputGradients: readonly (Value | undefined)[];
  /** One per input: whether its gradient is wanted. A rule may leave out those that are not. */
  readonly wanted: readonly boolean[];
}

/**
 * One gradient per input, undefined where it is not wanted or does not exist. A gradient may have the
 * broadcast shape of the output: the reverse walk sums it to the input's shape.
 */
export type GradientRule<A> = (context: GradientContext, attributes: A) => readonly (Value | undefined)[];

/** How many elements a dimension-tensor or constant has is the emitter's business; names are ONNX value names. */
export interface Emitter {
  /** The execution device family the model is written for. */
  readonly device: "cpu" | "gpu";
  /** Which operators the reader of the model knows: also those of onnxruntime, or those of the ONNX standard alone. */
  readonly operators: "onnxruntime" | "standard";
  /** Adds one ONNX node. `domain` "" is the standard one. An empty output name asks for a fresh one. Returns the output names. */
  node(
    type: string,
    inputs: readonly string[],
    options?: { outputs?: readonly string[]; attributes?: OnnxAttributes; domain?: string },
  ): string[];
  /** An initializer; equal ones are written once. */
  constant(dtype: DType, shape: readonly number[], values: readonly number[]): string;
  /** An int64 vector that holds the sizes of `shape` at run time. */
  dims(shape: Shape): string;
  /** `input` (a value of shape `from`) as shape `to`, without moving data. */
  reshape(input: string, from: Shape, to: Shape, output?: string): string;
}

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string };
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

export interface LoweringContext<A> {
  readonly emit: Emitter;
  readonly node: Node;
  readonly attributes: A;
  readonly inputs: readonly string[];
  /** Output names; an output that nothing reads is "". */
  readonly outputs: readonly string[];
}

/** The single ONNX operator that does it, or a function that writes several. */
export type Lowering<A> =
  | { readonly type: string; readonly domain?: string; readonly attributes?: (attributes: A) => OnnxAttributes }
  | ((context: LoweringContext<A>) => void);

/** An input of a sample: its type and how to fill it. */
export interface SampleTensor {
  readonly dtype?: DType;
  readonly shape: readonly number[];
  /**
   * "normal" by default, { deviation } with another standard deviation than 1; "positive" in [0.5, 2); "unit" in
   * (-0.9, 0.9); { below: n } integers in [0, n); "mask" 0 or 1.
   */
  readonly fill?: "normal" | "positive" | "unit" | "mask" | { readonly below: number } | { readonly deviation: number };
  /** False keeps the tensor out of the gradient test (integers are out anyway). */
  readonly differentiate?: boolean;
}

export interface Sample<A> {
  readonly inputs: readonly SampleTensor[];
  readonly attributes: A;
}

export interface ErrorSample<A> extends Sample<A> {
  readonly code: "E_SHAPE" | "E_DTYPE";
  readonly why: string;
}

/** A contiguous part of one axis. */
export interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  readonly size: number;
}

/**
 * How slicing the outputs along an axis is had by slicing inputs: per input the axis to slice, or
 * "whole" for one that is needed as it is, and the attributes where they change. Undefined: it is not.
 */
export type SliceRule<A> = (
  slice: AxisSlice,
  node: Node,
  attributes: A,
) => { readonly inputs: readonly (number | "whole")[]; readonly attributes?: A } | undefined;

/** What the author of an operator writes. */
export interface OpSpec<A> {
  readonly name: string;
  readonly onnx: Lowering<A>;
  /** The types of the outputs. Throws E_SHAPE or E_DTYPE; the graph adds the operator and its inputs to the message. */
  readonly infer: (inputs: readonly TensorType[], attributes: A) => readonly TensorType[];
  /** A rule, or why there is no gradient ("none" must be said, it is never assumed). */
  readonly gradient: GradientRule<A> | { readonly none: string };
  readonly reference: (inputs: readonly ReferenceTensor[], attributes: A) => readonly ReferenceTensor[];
  readonly slice?: SliceRule<A>;
  readonly samples: readonly Sample<A>[];
  readonly errors: readonly ErrorSample<A>[];
  /** The document that fixes the operator's meaning. */
  readonly source: string;
}

/** An operator as the rest of the system sees it: a specification whose attributes are opaque. */
export type Op = OpSpec<Attributes>;

/** Freezes a specification into an operator record. */
export function defineOp<A extends Attributes>(spec: OpSpec<A>): Op {
  return Object.freeze(spec) as unknown as Op;
}
