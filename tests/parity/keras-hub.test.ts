/** Presets of KerasHub, as scripts/golden/keras_hub_presets.py saved them, hold the models that were put into them. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
import { modelOf } from "../../src/models/registry.js";
import { loadTokenizer, type TokenizerFiles } from "../../src/tokenizers/tokenizer.js";
import { goldenArchitecture } from "../support/golden-architectures.js";
import { filesOf, hashOf, linesOf } from "../support/tokenizer-kinds.js";

const GOLDEN = fileURLToPath(new URL("../golden/keras-hub/", import.meta.url));
const TEXTS = 300;

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune keras hub "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

interface Case {
  /** Before "Tokenizer" in the name of its class. */
  readonly kind: string;
  /** The tokenizer of tests/golden/tokenizers, and KerasHub's names for its files. */
  readonly tokenizer: string;
  readonly assets: Readonly<Partial<Record<keyof TokenizerFiles, string>>>;
  /** What the golden's configuration says, and KerasHub otherwise or not at all. */
  readonly otherwise?: object;
}
const PIECES = { tokenizer: "bert", assets: { "vocab.txt": "vocabulary.txt" } };
const CASES: readonly (readonly [golden: string, Case])[] = [
  ["distilbert", { kind: "DistilBert", ...PIECES, otherwise: { sinusoidal_pos_embds: undefined } }],
  ["electra", { kind: "Electra", ...PIECES }],
  ["electra-as-wide", { kind: "Electra", ...PIECES }],
  ["albert-v2", { kind: "Albert", tokenizer: "albert", assets: { "spiece.model": "vocabulary.spm" } }],
  [
    "roberta",
    {
      kind: "Roberta",
      tokenizer: "roberta",
      assets: { "vocab.json": "vocabulary.json", "merges.txt": "merges.txt" },
    },
  ],
  [
    "xlm-roberta",
    {
      kind: "XLMRoberta",
      tokenizer: "xlm-roberta",
      assets: { "sentencepiece.bpe.model": "vocabulary.spm" },
      otherwise: { hidden_act: "gelu" },
    },
  ],
  [
    "deberta-v3",
    {
      kind: "DebertaV3",
      tokenizer: "deberta",
      assets: { "spm.model": "vocabulary.spm" },
      otherwise: { legacy: undefined, pooler_hidden_size: undefined },
    },
  ],
];

/** Unpacks what KerasHub saved, and adds the files of the tokenizer. */
async function writePreset(name: string, { kind, tokenizer, assets }: Case, target: string): Promise<void> {
  const folder = join(target, "assets/tokenizer");
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(join(GOLDEN, name))) {
    const path = join(GOLDEN, name, file);
    if (file.endsWith(".gz")) await writeFile(join(target, file.slice(0, -3)), gunzipSync(await readFile(path)));
    else await cp(path, join(target, file));
  }
  const contents = filesOf(tokenizer);
  for (const [file, asset] of Object.entries(assets))
    await writeFile(join(folder, asset), contents[file as keyof TokenizerFiles] as string | Uint8Array);
  await writeFile(
    join(target, "tokenizer.json"),
    JSON.stringify({ class_name: `${kind}Tokenizer`, config: { lowercase: true, strip_accents: true } }),
  );
}

/** The golden's weights, but for what KerasHub leaves out of RoBERTa: what no token reads, and the one segment. */
function expectedWeights(name: string): Map<string, Float32Array> {
  const { weights, model, config } = goldenArchitecture(name);
  if (!model.modelType.endsWith("roberta")) return weights;
  const positions = "roberta.embeddings.position_embeddings.weight";
  const segments = "roberta.embeddings.token_type_embeddings.weight";
  const table = Float32Array.from(weights.get(positions) as Float32Array);
  return new Map([
    ...weights,
    [positions, table.fill(0, 0, 2 * model.sizes(config).hiddenSize)],
    [segments, new Float32Array(model.sizes(config).hiddenSize)],
  ]);
}

describe.each(CASES)("%s", (name, one) => {
  it.each(name === "roberta" ? ["", "-whole"] : [""])("gives every weight and the configuration%s", async (ending) => {
    const folder = join(place, `${name}${ending}`);
    await writePreset(`${name}${ending}`, one, folder);
    const { weights, config, tokenizerFiles } = await openCheckpoint(folder);
    const golden = goldenArchitecture(name);
    const expected = expectedWeights(name);
    // KerasHub has no classifier of ELECTRA; the pooler that it gives it belongs to no other library's.
    const isWithout = (weight: string): boolean => one.kind === "Electra" && weight.startsWith("classifier.");
    const wanted = [...expected.keys()].filter((weight) => !isWithout(weight));
    expect(wanted.filter((weight) => !weights.names.includes(weight))).toEqual([]);
    for (const weight of wanted) {
      expect(weights.shape(weight), weight).toEqual(golden.shapes.get(weight));
      expect(await weights.read(weight), weight).toEqual(expected.get(weight));
    }
    await weights.close();
    const model = modelOf(config);
    expect(model.withDropout(model.readConfig(config), 0)).toEqual({ ...(golden.config as object), ...one.otherwise });
    const ids = (files: TokenizerFiles): string => hashOf(linesOf(loadTokenizer(files), TEXTS));
    expect(ids(tokenizerFiles)).toBe(ids(filesOf(one.tokenizer)));
  });
});

it("groups of more layers than one are refused", async () => {
  const folder = join(place, "albert of groups");
  await writePreset("albert-v2", (CASES.find(([name]) => name === "albert-v2") as (typeof CASES)[number])[1], folder);
  const path = join(folder, "config.json");
  await writeFile(
    path,
    (await readFile(path, "utf8")).replace('"num_inner_repetitions": 1', '"num_inner_repetitions": 2'),
  );
  await expect(openCheckpoint(folder)).rejects.toThrow(/num_inner_repetitions: expected 1, got 2/);
});
