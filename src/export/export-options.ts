/** The options of an export as a type. Written by scripts/build-options.ts from the schema in options.ts. */

/** What is exported; all may be left out. */
export type ExportOptions = {
  /**
   * Number formats to write, separated by commas. fp32: float32, as trained; q8: 8-bit integers: a quarter of the size,
   * the fastest on processors; int8: the same as q8; uint8: unsigned 8-bit integers: exact sums on processors without
   * VNNI too; fp16: 16-bit floats: half the size, made for GPUs; q4: 4-bit integers in blocks of 32, tables in 8 bits:
   * the smallest; q4f16: as q4, with 16-bit floats for the rest: made for GPUs. Default: "fp32,q8".
   */
  readonly dtype?: string | readonly string[] | undefined;
  /**
   * Operators of the ONNX standard alone, for every reader, or also those that onnxruntime adds. Default: "standard".
   */
  readonly operators?: "standard" | "onnxruntime" | undefined;
  /** License that the files name; by default the model's, where it says one. */
  readonly license?: string | undefined;
  /** How much accuracy or macro F1 may drop in the check before the export is refused. Default: 0.01. */
  readonly maxDrop?: number | undefined;
};
