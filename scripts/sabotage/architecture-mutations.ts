/** Mistakes in what the newer architectures do otherwise than BERT. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const ARCHITECTURES = ["tests/parity/architectures.test.ts"];

export const ARCHITECTURE_MUTATIONS: readonly SourceMutation[] = [
  ...inFile("src/models/modernbert/encoder.ts", ARCHITECTURES, [
    ["keys are not turned", "key: rotary(key, cos, sin)", "key"],
    ["embeddings are normalised twice", "index === 0 ? x :", "index < 0 ? x :"],
    ["local attention sees everything", 'kind === "full_attention" ?', "1 > 0 ?"],
  ]),
  ...inFile("src/nn/rotary-angles.ts", ARCHITECTURES, [
    ["angles fall half as fast", "(-2 * i) / headSize", "-i / headSize"],
  ]),
  ...inFile("src/models/deberta-v2/attention.ts", ARCHITECTURES, [
    ["scores are divided as if they had one part", "(3 * width) / heads", "width / heads"],
    ["distances are told from the wrong side", "transpose(fromDistances, [0, 1, 3, 2])", "fromDistances"],
  ]),
  ...inFile(
    "src/nn/pooling.ts",
    ["src/heads/heads.test.ts"],
    [
      ["padding counts in the mean", "reduceSum(mul(x, real), [1])", "reduceSum(x, [1])"],
      ["padding may be the largest", "scalar(real, LOWEST)", "scalar(real, 0)"],
    ],
  ),
  ...inFile(
    "src/nn/attention.ts",
    ["src/training/training-step.test.ts", "tests/parity/tiny-bert.test.ts"],
    [
      ["padding is not masked", "scalar(seen, MASKED_SCORE)", "scalar(seen, 0)"],
      ["tokens are masked instead of padding", "sub(scalar(seen, 1), seen)", "seen"],
      ["padding is masked a little only", "scalar(seen, MASKED_SCORE)", "scalar(seen, -5)"],
      [
        "scores are not divided by the root of the head's size",
        "scale: 1 / Math.sqrt(query.shape[3] as number)",
        "scale: 1",
      ],
    ],
  ),
];
