import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../../tests/support/golden-checkpoints.js";
import { loadTokenizer } from "../../tokenizers/tokenizer.js";
import { MODEL_FORMATS } from "../model-formats.js";
import { convertModel } from "./convert-model.js";
import { openCheckpoint } from "./open-checkpoint.js";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune convert "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Shapes and values of all weights by name, the configuration of the encoder, and the ids of texts. */
async function contentOf(folder: string) {
  const { weights, config, tokenizerFiles } = await openCheckpoint(folder);
  const tensors: Record<string, unknown> = {};
  for (const name of weights.names)
    tensors[name] = [weights.shape(name), Buffer.from((await weights.read(name)).buffer)];
  await weights.close();
  const sizes = ["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"];
  const tokenizer = loadTokenizer(tokenizerFiles);
  return {
    tensors,
    sizes: sizes.map((name) => config[name]),
    ids: goldenCheckpoints.texts.map((text) => tokenizer.tokenize(text)),
  };
}

describe.each(MODEL_FORMATS)("%s", (format) => {
  it.each(MODEL_FORMATS)("holds what was converted, and becomes %s without a change", async (next) => {
    const source = join(place, "source");
    await writeVariant("float32", source);
    const first = join(place, `${format} ${next}`);
    const second = join(place, `${format} ${next} again`);
    await convertModel(source, first, { format });
    await convertModel(first, second, { format: next });
    const [wanted, once, twice] = await Promise.all([source, first, second].map(contentOf));
    const hasHead = (through: readonly string[]): boolean => !through.includes("keras-hub");
    const encoder = Object.fromEntries(
      Object.entries(wanted.tensors).filter(([name]) => !name.startsWith("classifier.")),
    );
    expect(once).toEqual({ ...wanted, tensors: hasHead([format]) ? wanted.tensors : encoder });
    expect(twice).toEqual({ ...wanted, tensors: hasHead([format, next]) ? wanted.tensors : encoder });
  });
});

it("names old and bare parameters anew", async () => {
  for (const variant of ["names of TensorFlow", "without prefix and head"]) {
    await writeVariant(variant, join(place, variant));
    await convertModel(join(place, variant), join(place, `${variant} new`));
    const { weights } = await openCheckpoint(join(place, `${variant} new`));
    expect(weights.names).toContain("bert.encoder.layer.1.output.LayerNorm.weight");
    expect(weights.names.filter((name) => !/^(?:bert\..+|classifier)\.(?:weight|bias)$/.test(name))).toEqual([]);
    await weights.close();
  }
});

it("refuses folders that hold something, models that are no BERT or lack weights, and heads of Textune's", async () => {
  const said = (source: string, folder: string) =>
    convertModel(join(place, source), join(place, folder), { format: "google" }).then(
      () => "converted",
      (error: Error) => error.message,
    );
  await writeVariant("without pooler", join(place, "no pooler"));
  expect(await said("no pooler", "out")).toMatch(/"bert\.pooler\.dense\.weight".*whole encoder/);
  expect(await said("no pooler", "no pooler")).toMatch(/a new or empty folder/);
  const change = async (name: string, more: object): Promise<void> => {
    const { files } = await writeVariant("float32", join(place, name));
    const config = JSON.parse(Buffer.from(files["config.json"], "base64").toString());
    await writeFile(join(place, name, "config.json"), JSON.stringify({ ...config, ...more }));
  };
  await change("other", { model_type: "electra" });
  expect(await said("other", "out")).toMatch(/BERT's architecture, got "electra"/);
  await change("headed", { textune: { head: { name: "pooled", options: {} } } });
  expect(await said("headed", "out")).toMatch(/the head "pooled"/);
});
