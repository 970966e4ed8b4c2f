/** The small random classifier of an architecture as a folder on disk, with a tokenizer of its kind. */
import { createRandom } from "../../src/base/random.js";
import { saveCheckpoint } from "../../src/checkpoints/node/save-checkpoint.js";
import { loadTokenizer, type TokenizerFiles } from "../../src/tokenizers/tokenizer.js";
import { goldenArchitecture } from "./golden-architectures.js";
import { goldenCheckpoints } from "./golden-checkpoints.js";
import { filesOf } from "./tokenizer-kinds.js";

/** The folder of tests/golden/tokenizers with the tokenizer of an architecture; WordPiece for those not named. */
const TOKENIZERS: Readonly<Record<string, string>> = {
  "deberta-v2": "deberta",
  modernbert: "modernbert",
  roberta: "roberta",
  "xlm-roberta": "xlm-roberta",
  albert: "albert",
};

/** BERT's WordPieces, and MPNet's, which are the same with the special tokens of RoBERTa. */
function wordPieces(modelType: string): TokenizerFiles {
  const files = Object.entries(goldenCheckpoints.tokenizerFiles).map(([file, content]) => {
    return [file, Buffer.from(content, "base64").toString("utf8")] as const;
  });
  const bert = Object.fromEntries(files);
  if (modelType !== "mpnet") return bert;
  const { model } = JSON.parse(bert["tokenizer.json"]) as { model: { vocab: Record<string, number> } };
  const words = Object.keys(model.vocab).filter((word) => !/^\[\w+\]$/.test(word));
  return {
    "vocab.txt": ["<s>", "<pad>", "</s>", "[UNK]", "<mask>", ...words].join("\n"),
    "tokenizer_config.json": JSON.stringify({ tokenizer_class: "MPNetTokenizer" }),
  };
}

/**
 * Writes the golden called `name`, whose embeddings are drawn anew for the tokenizer's vocabulary, to `folder`; without
 * the weights of the classification head where `head` is false.
 */
export async function writeRandomCheckpoint(
  name: string,
  folder: string,
  labels: readonly string[],
  { head = true }: { readonly head?: boolean } = {},
): Promise<void> {
  const { model, rawConfig, weights, shapes } = goldenArchitecture(name);
  const kind = TOKENIZERS[model.modelType];
  const tokenizer = loadTokenizer(kind === undefined ? wordPieces(model.modelType) : filesOf(kind));
  const random = createRandom(9);
  const tensors = [...weights].map(([parameter, data]) => {
    const [rows, ...width] = shapes.get(parameter) ?? [];
    if (parameter !== model.wordEmbeddings) return { name: parameter, shape: [rows, ...width], data };
    const shape = [tokenizer.vocabularySize, ...width];
    return { name: parameter, shape, data: new Float32Array(shape[0] * shape[1]).map(() => random.normal()) };
  });
  const isKept = ({ name: parameter }: { readonly name: string }): boolean =>
    head || !/^(pre_)?classifier\b/.test(parameter);
  const named = labels.map((label, id) => [String(id), label] as const);
  await saveCheckpoint(folder, {
    config: {
      ...rawConfig,
      architectures: [model.classNames.classifier],
      vocab_size: tokenizer.vocabularySize,
      pad_token_id: tokenizer.padId,
      id2label: Object.fromEntries(named),
      label2id: Object.fromEntries(named.map(([id, label]) => [label, Number(id)])),
    },
    tokenizerFiles: tokenizer.files,
    tensors: tensors.filter(isKept),
  });
}
