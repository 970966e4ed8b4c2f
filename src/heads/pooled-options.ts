/** The options of a head as a type. Written by scripts/build-options.ts from the schema in pooled.ts. */

/** What stands between the encoder and the outputs; each may be left out. */
export type PooledHeadOptions = {
  /**
   * What stands for a text: its first token (by default), the encoder's pooler, or the mean or maximum over its tokens.
   */
  readonly pooling?: "cls" | "pooler" | "mean" | "max" | undefined;
  /** Widths of dense layers between the pooled text and the outputs; none by default. */
  readonly hiddenLayers?: readonly number[] | undefined;
  /** Activation of these layers; relu by default. */
  readonly headActivation?: "relu" | "gelu" | "tanh" | "sigmoid" | "linear" | undefined;
  /** Dropout probability before each dense layer of the head; by default that of the model. */
  readonly headDropout?: number | undefined;
};
