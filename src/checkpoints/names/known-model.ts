/** A model with a name. */
export interface KnownModel {
  /** The name that it is listed under. */
  readonly name: string;
  /** Where it is: an address that placeOf understands, or "embedded". */
  readonly source: string;
  /** `model_type` of its configuration. */
  readonly architecture: string;
  /** Parameters of the encoder, with the pooler where its classifier has one. */
  readonly parameters: number;
  readonly languages: string;
  readonly licence: string;
  /** Other names, and addresses with the same weights. */
  readonly aliases: readonly string[];
}
