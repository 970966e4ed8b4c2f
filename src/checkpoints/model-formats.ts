/** The layouts that a model can be written in: Hugging Face's, a preset of KerasHub, a TensorFlow checkpoint of Google's. */
export const MODEL_FORMATS = ["hugging-face", "keras-hub", "google"] as const;

/** The layout of a model folder that is written. */
export type ModelFormat = (typeof MODEL_FORMATS)[number];
