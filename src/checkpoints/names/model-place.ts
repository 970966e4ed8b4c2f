/** From what a user calls a model to where it is. */
import { fail } from "../../base/errors.js";
import { nearestNames } from "../../base/nearest.js";
import type { KnownModel } from "./known-model.js";
import { KNOWN_MODELS } from "./known-models.js";

/** Where a model is. */
export type ModelPlace =
  | { readonly kind: "embedded" }
  | { readonly kind: "hub"; readonly id: string; readonly revision?: string }
  /** A model of Kaggle's, `owner/model/framework/variation`; without a version the newest. */
  | { readonly kind: "kaggle"; readonly handle: string; readonly version?: string }
  /** An archive; `name` is its own among archives. */
  | { readonly kind: "archive"; readonly url: string; readonly name: string };

/** What Kaggle's and TensorFlow Hub's addresses mean, however they are written. */
interface Address {
  readonly place: ModelPlace;
  /** The same for every version of a model, and for nothing else. */
  readonly key: string;
}

const HUB_ID = /^[\w.-]+(?:\/[\w.-]+)?$/;
const ARCHIVE = /\.(?:zip|tar\.gz|tgz|tar)$/;

/**
 * The place of the model that `name` means: a name of {@link KNOWN_MODELS}; an address as hf://owner/name,
 * kaggle://owner/model/framework/variation/version, one of a page at huggingface.co, kaggle.com or tfhub.dev, or of an
 * archive; or the id of a model on the hub. Where the weights that an address means are on the hub as well, that is
 * their place.
 *
 * @throws E_WEIGHTS for anything else
 */
export function placeOf(name: string): ModelPlace {
  const address = readAddress(name);
  const known = knownModel(name);
  const source = known === undefined ? undefined : sourceOf(known);
  // A user who names a version of an archive wants this one.
  if (source !== undefined && (address === undefined || source.kind !== address.place.kind || !hasVersion(address)))
    return source;
  if (address !== undefined) return address.place;
  if (HUB_ID.test(name)) return { kind: "hub", id: name };
  const near = nearestModels(name);
  return fail("E_WEIGHTS", {
    where: name,
    expected: "a model's name, a folder, a file of weights, or an address",
    got: "none of these",
    fix: near === "" ? 'check the name, or look for it with "textune models"' : near,
  });
}

/** The row of the table that `name` means, by whatever name or address; undefined where there is none. */
export function knownModel(name: string): KnownModel | undefined {
  return INDEX.get(keyOf(name));
}

/** `did you mean "…"?` with the models whose names are like `name`; "" where there is none. */
export function nearestModels(name: string): string {
  const names = KNOWN_MODELS.flatMap((model) => [model.name, ...model.aliases]).filter((one) => !one.includes("://"));
  const near = nearestNames(name, names);
  return near.length === 0 ? "" : `did you mean ${near.map((one) => `"${one}"`).join(" or ")}?`;
}

function sourceOf({ source }: KnownModel): ModelPlace {
  return source === "embedded" ? { kind: "embedded" } : (readAddress(source) as Address).place;
}

function hasVersion({ place }: Address): boolean {
  return place.kind === "kaggle" ? place.version !== undefined : place.kind === "archive" && /\/\d+\?/.test(place.url);
}

function keyOf(name: string): string {
  return (readAddress(name)?.key ?? name).toLowerCase();
}

const INDEX = new Map(
  KNOWN_MODELS.flatMap((model) => [model.name, model.source, ...model.aliases].map((name) => [keyOf(name), model])),
);

/** What an address means; undefined for what is none. */
function readAddress(text: string): Address | undefined {
  const hub =
    /^(?:hf:\/\/|https:\/\/(?:www\.)?huggingface\.co\/)([\w.-]+\/[\w.-]+|[\w.-]+)(?:@|\/tree\/)?([\w./-]*)\/?$/;
  const [, id, revision = ""] = hub.exec(text) ?? [];
  if (id !== undefined)
    return { place: { kind: "hub", id, ...(revision === "" ? {} : { revision }) }, key: revision === "" ? id : text };

  const kaggle =
    /^(?:kaggle:\/\/|https:\/\/(?:www\.)?kaggle\.com\/models\/)([\w-]+)\/([\w-]+)\/(?:frameworks\/)?([\w-]+)\/(?:variations\/)?([\w.-]+?)(?:\/(?:versions\/)?(\d+))?\/?$/;
  const [whole, owner, model, framework, variation, version] = kaggle.exec(text) ?? [];
  if (whole !== undefined) {
    const handle = `${owner}/${model}/${framework}/${variation}`;
    return {
      place: { kind: "kaggle", handle, ...(version === undefined ? {} : { version }) },
      key: `kaggle:${handle}`,
    };
  }

  const tfhub = /^https:\/\/(?:www\.)?tfhub\.dev\/([\w./-]+?)(\/\d+)?\/?(?:\?.*)?$/;
  const [, path, tfVersion = ""] = tfhub.exec(text) ?? [];
  if (path !== undefined) {
    // What tensorflow_hub asks for: compressed_module_resolver.py.
    const url = `https://tfhub.dev/${path}${tfVersion}?tf-hub-format=compressed`;
    const name = `tfhub--${`${path}${tfVersion}`.replaceAll("/", "--")}`;
    return { place: { kind: "archive", url, name }, key: `tfhub:${path}` };
  }

  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  if (!ARCHIVE.test(pathname)) return undefined;
  const name = `${host}${pathname}`.replaceAll("/", "--").replaceAll(/[^\w.-]/g, "_");
  return { place: { kind: "archive", url: text, name }, key: text };
}
