import { describe, expect, it } from "vitest";
import { KNOWN_MODELS } from "./known-models.js";
import { knownModel, nearestModels, placeOf } from "./model-place.js";

/** The first table of TensorFlow's tutorial "Classify text with BERT", what Textune has of it. */
const TUTORIAL = [
  "bert_en_uncased_L-12_H-768_A-12",
  "bert_en_cased_L-12_H-768_A-12",
  "bert_multi_cased_L-12_H-768_A-12",
  ...[2, 4, 6, 8, 10, 12].flatMap((layers) =>
    ["128_A-2", "256_A-4", "512_A-8", "768_A-12"].map((size) => `small_bert/bert_en_uncased_L-${layers}_H-${size}`),
  ),
];

describe("names", () => {
  it("of the tutorial, alone and as addresses with any version, mean the same weights on the hub", () => {
    for (const name of TUTORIAL) {
      const place = placeOf(name);
      expect(place.kind, name).toBe("hub");
      for (const version of ["", "/1", "/3"])
        expect(placeOf(`https://tfhub.dev/tensorflow/${name}${version}`)).toEqual(place);
    }
    expect(placeOf("small_bert/bert_en_uncased_L-4_H-512_A-8")).toEqual({
      kind: "hub",
      id: "google/bert_uncased_L-4_H-512_A-8",
    });
    expect(placeOf("bert_multi_cased_L-12_H-768_A-12")).toEqual({
      kind: "hub",
      id: "google-bert/bert-base-multilingual-cased",
    });
  });

  it("of ALBERT and ELECTRA mean the same weights on the hub, of talking heads an archive", () => {
    const albert = { kind: "hub", id: "albert/albert-base-v2" };
    const electra = { kind: "hub", id: "google/electra-small-discriminator" };
    for (const name of ["albert_en_base", "https://tfhub.dev/tensorflow/albert_en_base/2"])
      expect(placeOf(name)).toEqual(albert);
    for (const name of ["electra_small", "https://tfhub.dev/google/electra_small/2"])
      expect(placeOf(name)).toEqual(electra);
    expect(placeOf("electra_base")).toEqual({ kind: "hub", id: "google/electra-base-discriminator" });
    expect(placeOf("talking-heads_base")).toMatchObject({
      url: "https://tfhub.dev/tensorflow/talkheads_ggelu_bert_en_base/1?tf-hub-format=compressed",
    });
  });

  it("of experts mean the archives of TensorFlow Hub", () => {
    const url = "https://tfhub.dev/google/experts/bert/pubmed/2?tf-hub-format=compressed";
    const archive = { kind: "archive", url, name: "tfhub--google--experts--bert--pubmed--2" };
    expect(placeOf("experts_pubmed")).toEqual(archive);
    expect(placeOf("https://tfhub.dev/google/experts/bert/pubmed/2")).toEqual(archive);
    expect(placeOf("https://tfhub.dev/google/experts/bert/pubmed/1")).toMatchObject({
      url: "https://tfhub.dev/google/experts/bert/pubmed/1?tf-hub-format=compressed",
    });
  });

  it("of KerasHub's presets mean what KerasHub downloads; a version that is named wins", () => {
    const handle = "keras/bert/keras/bert_tiny_en_uncased";
    expect(placeOf("bert_tiny_en_uncased")).toEqual({ kind: "kaggle", handle, version: "3" });
    expect(placeOf(`kaggle://${handle}`)).toEqual({ kind: "kaggle", handle, version: "3" });
    expect(placeOf(`kaggle://${handle}/2`)).toEqual({ kind: "kaggle", handle, version: "2" });
    expect(placeOf(`https://www.kaggle.com/models/${handle}/2`)).toEqual({ kind: "kaggle", handle, version: "2" });
  });

  it("of the hub may be addresses, with a revision; old ones have got an owner", () => {
    expect(placeOf("hf://someone/model")).toEqual({ kind: "hub", id: "someone/model" });
    expect(placeOf("hf://someone/model@v1.0")).toEqual({ kind: "hub", id: "someone/model", revision: "v1.0" });
    expect(placeOf("https://huggingface.co/someone/model/tree/refs/pr/1")).toEqual({
      kind: "hub",
      id: "someone/model",
      revision: "refs/pr/1",
    });
    expect(placeOf("bert-base-uncased")).toEqual({ kind: "hub", id: "google-bert/bert-base-uncased" });
    expect(placeOf("someone/model")).toEqual({ kind: "hub", id: "someone/model" });
  });

  it("of Kaggle's pages come in two spellings, in any case", () => {
    const bert = { kind: "hub", id: "google-bert/bert-base-uncased" };
    const path = "https://kaggle.com/models/tensorflow/bert";
    expect(placeOf(`${path}/TensorFlow2/en-uncased-l-12-h-768-a-12/3`)).toEqual(bert);
    expect(placeOf(`${path}/frameworks/TensorFlow2/variations/en-uncased-l-12-h-768-a-12/versions/3`)).toEqual(bert);
    expect(placeOf("kaggle://someone/bert/tensorFlow2/mine")).toEqual({
      kind: "kaggle",
      handle: "someone/bert/tensorFlow2/mine",
    });
  });

  it("may be addresses of archives", () => {
    const url = "https://storage.googleapis.com/bert_models/2020_02_20/uncased_L-4_H-512_A-8.zip";
    const name = "storage.googleapis.com--bert_models--2020_02_20--uncased_L-4_H-512_A-8.zip";
    expect(placeOf(url)).toEqual({ kind: "archive", url, name });
  });

  it.each(["", "a b", "a/b/c", "https://example.org/page", "kaggle://a/b", "ftp://x/y.zip", "hf://", "..\\x"])(
    "%j is none",
    (name) => {
      expect(() => placeOf(name)).toThrow(expect.objectContaining({ code: "E_WEIGHTS" }));
    },
  );

  it("that are wrong get the nearest ones", () => {
    expect(nearestModels("small_bert/bert_en_uncased_L-4_H-512_A-7")).toContain(
      '"small_bert/bert_en_uncased_L-4_H-512_A-8"',
    );
    expect(nearestModels("bert-base-uncase")).toContain('"bert-base-uncased"');
    expect(nearestModels("bert_tiny_uncased")).toContain('"bert_tiny_en_uncased"');
    expect(nearestModels("zzz")).toBe("");
  });
});

describe("the table", () => {
  it("gives every name and every address to one model", () => {
    const names = KNOWN_MODELS.flatMap((model) => [model.name, ...model.aliases].map((name) => ({ name, model })));
    for (const { name, model } of names) expect(knownModel(name), name).toBe(model);
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });

  it("has a place for every model, and the small ones' sizes as KerasHub and Google tell them", () => {
    for (const { name } of KNOWN_MODELS) expect(placeOf(name)).toBeDefined();
    const of = (name: string) => knownModel(name)?.parameters;
    expect(of("small_bert/bert_en_uncased_L-2_H-128_A-2")).toBe(of("bert_tiny_en_uncased"));
    expect(of("small_bert/bert_en_uncased_L-4_H-512_A-8")).toBe(of("bert_small_en_uncased"));
    expect(of("small_bert/bert_en_uncased_L-8_H-512_A-8")).toBe(of("bert_medium_en_uncased"));
    expect(of("experts_pubmed")).toBe(109_482_240);
  });
});
