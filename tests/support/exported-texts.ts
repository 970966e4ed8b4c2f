/** What exported classifiers are asked in tests. */

export const EXPORTED_LABELS = ["bad", "good", "so so"];

export const EXPORTED_TEXTS = [
  "A wonderful little film.",
  "What a waste of time, I would never see it again, and neither should you or anyone else whom you like.",
  "日本語 😀 naïve café",
  "ok",
];

/** With this, probabilities of these texts differ by a thousandth: far more than kernels do, so that a wrong token shows. */
export const EXPORTED_SHARPNESS = 50;
