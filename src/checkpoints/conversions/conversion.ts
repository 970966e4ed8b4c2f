/** How the weights and the configuration of another library become those of Hugging Face. */

import { fail } from "../../base/errors.js";
import type { TokenizerFiles } from "../../tokenizers/files/tokenizer-files.js";
import { damaged, transposed, type WeightReader } from "../weight-reader.js";

/** The object in a JSON file. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * How a stored weight is laid out where it is not as Hugging Face has it. D is the hidden size, H the number of heads, K
 * the size of a head:
 *
 * - "dense": a kernel [inputs, outputs], which becomes [outputs, inputs];
 * - "to-heads": a kernel [D, H, K], which becomes [H K, D]; "heads": its bias [H, K], which becomes [H K];
 * - "from-heads": a kernel [H, K, D], which becomes [D, H K].
 */
export type Layout = "dense" | "to-heads" | "heads" | "from-heads";

/** The number of leading axes that are inputs; the rest are outputs. */
const INPUT_AXES: Readonly<Record<Layout, number>> = { dense: 1, "to-heads": 1, heads: 0, "from-heads": 2 };

/**
 * Where a stored weight belongs.
 *
 * `stored` is the end of the stored name, from a "/" on; with a "/" in front it is the whole name. `{n}` stands for a
 * number, in both names; `{_n}` for a number after an underscore, where nothing means 0 (Keras counts so).
 */
export type NameRule = readonly [stored: string, name: string, layout?: Layout | undefined];

/** One architecture in the files of one library. */
export interface Conversion {
  /** As the documentation calls it. */
  readonly name: string;
  readonly rules: readonly NameRule[];
  /** The file with the library's own configuration. */
  readonly configFile?: string;
  /** Hugging Face's `config.json` from the library's configuration; undefined where it describes something else. */
  readonly readConfig?: (config: JsonObject) => JsonObject | undefined;
  /** `tokenizer_config.json` from the library's own `tokenizer.json`; undefined where it describes something else. */
  readonly readTokenizer?: (file: JsonObject) => JsonObject | undefined;
  /** Files of a tokenizer, by their paths in the model's folder, and Hugging Face's names for them. */
  readonly assets?: Readonly<Record<string, keyof TokenizerFiles>>;
  /** Adds to the weights, under Hugging Face's names, what the library does without. */
  readonly complete?: (weights: WeightReader) => WeightReader;
  /** Hugging Face's `config.json` from the shapes of the weights alone; undefined where they do not tell it all. */
  readonly configOfShapes?: (shapes: StoredShapes) => JsonObject | undefined;
  readonly source: string;
}

/** The shapes of weights as they are stored, by Hugging Face's names: a kernel of attention tells the number of heads. */
export interface StoredShapes {
  readonly of: (name: string) => readonly number[] | undefined;
  /** One more than the largest number in the place of `{n}`. */
  readonly layers: number;
}

/** Rules for the kernel [inputs, outputs] and the bias of a dense layer. */
export function dense(stored: string, name: string, ending = ""): NameRule[] {
  return [
    [`${stored}/kernel${ending}`, `${name}.weight`, "dense"],
    [`${stored}/bias${ending}`, `${name}.bias`],
  ];
}

/** Rules for the scale and the bias of a layer normalization. */
export function normalization(stored: string, name: string, ending = ""): NameRule[] {
  return [
    [`${stored}/gamma${ending}`, `${name}.weight`],
    [`${stored}/beta${ending}`, `${name}.bias`],
  ];
}

/** Rules for the layers of an encoder whose parts are called as in BERT; `ending` ends every stored name. */
export function bertLayers(stored: string, name: string, ending = ""): NameRule[] {
  return [
    ...["query", "key", "value"].flatMap((part) =>
      dense(`${stored}/attention/self/${part}`, `${name}.attention.self.${part}`, ending),
    ),
    ...dense(`${stored}/attention/output/dense`, `${name}.attention.output.dense`, ending),
    ...normalization(`${stored}/attention/output/LayerNorm`, `${name}.attention.output.LayerNorm`, ending),
    ...dense(`${stored}/intermediate/dense`, `${name}.intermediate.dense`, ending),
    ...dense(`${stored}/output/dense`, `${name}.output.dense`, ending),
    ...normalization(`${stored}/output/LayerNorm`, `${name}.output.LayerNorm`, ending),
  ];
}

interface Place {
  readonly name: string;
  readonly layout: Layout | undefined;
  /** The number in the place of `{n}`, or -1. */
  readonly layer: number;
}

/** Where the rules put each weight of `stored`; those that no rule names are left out. */
export function placesOf(stored: readonly string[], rules: readonly NameRule[]): Map<string, Place> {
  // By the last part of their path: of most weights no rule has to be tried, and a model of Hugging Face's has none of them.
  const byLastPart = new Map<string, NameRule[]>();
  for (const rule of rules) {
    const part = lastPart(rule[0]);
    byLastPart.set(part, [...(byLastPart.get(part) ?? []), rule]);
  }
  const places = new Map<string, Place>();
  for (const candidate of stored) {
    for (const [ending, name, layout] of byLastPart.get(lastPart(candidate)) ?? []) {
      const match = patternOf(ending).exec(candidate);
      if (match === null) continue;
      const layer = /\{_?n\}/.test(ending) ? Number(match[1] ?? 0) : -1;
      places.set(candidate, { name: name.replace("{n}", String(layer)), layout, layer });
      break;
    }
  }
  return places;
}

/** What stands behind the last slash; no rule has the number of a layer there. */
function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const patterns = new Map<string, RegExp>();

function patternOf(ending: string): RegExp {
  const known = patterns.get(ending);
  if (known !== undefined) return known;
  const anchor = ending.startsWith("/") ? "^" : "^(?:.*/)?";
  const escaped = ending.replace(/^\//, "").replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`${anchor}${escaped.replace("{_n}", "(?:_(\\d+))?").replace("{n}", "(\\d+)")}$`);
  patterns.set(ending, pattern);
  return pattern;
}

/** The shapes that a configuration is made of. */
export function storedShapes(reader: WeightReader, rules: readonly NameRule[]): StoredShapes {
  const places = [...placesOf(reader.names, rules)];
  const stored = new Map(places.map(([name, place]) => [place.name, name]));
  return {
    of: (name) => {
      const found = stored.get(name);
      return found === undefined ? undefined : reader.shape(found);
    },
    layers: Math.max(0, ...places.map(([, { layer }]) => layer + 1)),
  };
}

/**
 * The weights of `reader` under Hugging Face's names and in its layout; what no rule places keeps its name.
 *
 * @throws E_WEIGHTS where two weights have the same place
 */
export function converted(reader: WeightReader, rules: readonly NameRule[], path: string): WeightReader {
  const places = placesOf(reader.names, rules);
  const storedAs = new Map<string, { readonly stored: string; readonly layout?: Layout | undefined }>();
  for (const stored of reader.names) {
    const { name, layout } = places.get(stored) ?? { name: stored, layout: undefined };
    const before = storedAs.get(name);
    if (before !== undefined) {
      fail("E_WEIGHTS", {
        where: path,
        expected: `one weight for "${name}"`,
        got: `"${before.stored}" and "${stored}"`,
        fix: "keep one encoder in the file",
      });
    }
    storedAs.set(name, { stored, layout });
  }
  const placeOf = (name: string) =>
    storedAs.get(name) ??
    fail("E_WEIGHTS", { where: path, expected: `a weight "${name}"`, got: `none among ${storedAs.size}` });
  const shape = (name: string): readonly number[] => {
    const { stored, layout } = placeOf(name);
    const axes = reader.shape(stored);
    if (layout === undefined) return axes;
    const inputs = INPUT_AXES[layout];
    if (axes.length <= inputs) damaged(`${path}, weight "${stored}"`, `more than ${inputs} axes`, `${axes.length}`);
    const outputs = product(axes.slice(inputs));
    return inputs === 0 ? [outputs] : [outputs, product(axes.slice(0, inputs))];
  };
  return {
    names: [...storedAs.keys()],
    shape,
    read: async (name) => {
      const { stored, layout } = placeOf(name);
      const [outputs, inputs] = shape(name);
      const values = await reader.read(stored);
      return layout === undefined || layout === "heads" ? values : transposed(values, inputs, outputs);
    },
    close: () => reader.close(),
  };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
