/** What a model architecture is: one record, found by the `model_type` of a configuration. */
import type { Value } from "../graph/graph.js";
import type { Encoded, Head, HeadDefaults } from "../heads/head.js";
import type { Scope } from "../nn/scope.js";

/** The inputs of an encoder. T is the number of tokens of the longest text of the batch. */
export interface EncoderInputs {
  /** Token ids [B, T] int64 in [0, vocabulary size). */
  readonly inputIds: Value;
  /** Segment of each token [B, T] int64. */
  readonly tokenTypeIds: Value;
  /** 1 on tokens, 0 on padding, [B, T] int64. */
  readonly attentionMask: Value;
  /** Positions [T] int64. */
  readonly positionIds: Value;
}

/** Sizes that are common to all encoders, read off a configuration. */
export interface EncoderSizes {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly tokenTypes: number;
  readonly hiddenSize: number;
  readonly layers: number;
}

/** An architecture. `C` is its checked configuration. */
export interface ModelSpec<C> {
  /** The `model_type` of Hugging Face configurations. */
  readonly modelType: string;
  /** What transformers calls the encoder alone, and the encoder with `head`: for `architectures`. */
  readonly classNames: { readonly encoder: string; readonly classifier: string };
  /** Checks a `config.json`; throws E_WEIGHTS naming the field. */
  readonly readConfig: (config: Readonly<Record<string, unknown>>) => C;
  readonly sizes: (config: C) => EncoderSizes;
  /** The configuration with every dropout probability set to `probability`. */
  readonly withDropout: (config: C, probability: number) => C;
  /** The configuration with word embeddings of `size` rows. */
  readonly withVocabulary: (config: C, size: number) => C;
  /** The parameter that holds the word embeddings [V, D]. */
  readonly wordEmbeddings: string;
  /** The forward graph up to the hidden states. Parameters carry the names of Hugging Face's files and their place. */
  readonly encode: (scope: Scope, config: C, inputs: EncoderInputs) => Encoded;
  /** The head that transformers' sequence classifier of this architecture has. */
  readonly head: Head;
  /** What every head of this configuration starts from. */
  readonly headDefaults: (config: C) => HeadDefaults;
  /** Names under which a parameter may stand in a file, the usual one first. */
  readonly fileNames: (parameter: string) => readonly string[];
  /** The dense layers beside which LoRA stands where nothing else is said. @source PEFT utils/constants.py */
  readonly loraTargets: readonly string[];
  readonly source: string;
}

/** An architecture as the rest of the system sees it. */
export type Model = ModelSpec<unknown>;

export function defineModel<C>(spec: ModelSpec<C>): Model {
  return Object.freeze(spec) as unknown as Model;
}
