/** Classifiers that are tried in the Studio: where they are, and a thread that runs them. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepLatest } from "../../base/keep-latest.js";
import type { Features } from "../../classifier/features.js";
import { Problem } from "../../http/problem.js";
import { createDesk } from "../../labelling/node/desk.js";
import type { ModelAnswer as Answer } from "../../labelling/node/model-desk.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { downloadArtifact, findArtifact } from "../../tracking/artifacts/find-artifact.js";
import { listArtifacts } from "../../tracking/artifacts/list-artifacts.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import type { ModelAnswer, ModelList, ModelQuestion } from "../wire/models.js";
import { classifierFolders } from "./classifier-folders.js";
import { insideFolder } from "./inside-folder.js";
import { runsByOutput } from "./recorded-outputs.js";

export interface ModelCounter {
  list(): Promise<ModelList>;
  /** Questions are answered one after the other. @throws what opening the classifier throws */
  ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer>;
  /** What the features of a text depend on beside the text. */
  hash(model: string): Promise<string>;
  /** What the last layer of the classifier reads of each text. */
  features(model: string, examples: readonly TextExample[]): Promise<Features>;
  close(): Promise<void>;
}

export interface ModelCounterOptions {
  readonly store: Store;
  /** Below it are folders to try; undefined where none may be. */
  readonly folder: string | undefined;
}

const MOST_FOLDERS = 200;
/** Models of the store that lie on the disk at once. */
const MOST_UNPACKED = 2;

export function openModelCounter({ store, folder }: ModelCounterOptions): ModelCounter {
  // Not the thread that learns from labels: that one may be busy for minutes.
  const desk = createDesk();
  let place: Promise<string> | undefined;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  const unpacked = new Map<string, string>();

  /** The files of a model in the store, each verified, as a folder. */
  const unpack = async (reference: string): Promise<string> => {
    const artifact = await findArtifact(store, reference);
    if (artifact.type !== "model")
      throw new Problem(400, `artifact ${reference}: expected one of type model, got ${artifact.type}`);
    place ??= mkdtemp(join(tmpdir(), "textune-studio-"));
    const key = String(artifact.id) + artifact.digest;
    const target = unpacked.get(key) ?? (await mkdtemp(join(await place, "model-")));
    if (!unpacked.has(key)) await downloadArtifact(store, artifact, target);
    for (const old of keepLatest(unpacked, key, target, MOST_UNPACKED)) await rm(old, { recursive: true, force: true });
    return target;
  };
  const placeOf = async (model: string): Promise<string> => {
    const name = model.slice(model.indexOf(":") + 1);
    if (model.startsWith("artifact:")) return unpack(name);
    if (folder === undefined)
      throw new Problem(400, "Studio: it was started with --read-only and tries models of the store only");
    const path = await insideFolder(folder, name);
    if (!(await stat(path)).isDirectory())
      throw new Problem(400, `model ${JSON.stringify(name)}: expected the folder of a classifier, got a file`);
    return path;
  };

  /** One question after the other, as a model of the store may give its place on the disk to the next. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const answer = last.then(() => {
      if (isClosed) throw new Problem(503, "Studio: it ends");
      return work();
    });
    last = answer.catch(() => {});
    return answer;
  };

  return {
    async list() {
      const recorded = await listArtifacts(store, { type: "model" });
      const folders = folder === undefined ? [] : (await classifierFolders(folder)).slice(0, MOST_FOLDERS);
      const runs = await runsByOutput(store);
      return {
        models: [
          ...recorded.map(({ project, name, version, aliases, madeBy }) => ({
            model: `artifact:${project}/${name}:${version}`,
            title: `${project}/${name}:${version}${aliases.length === 0 ? "" : ` (${aliases.join(", ")})`}`,
            ...{ kind: "artifact" as const, ...(madeBy === undefined ? {} : { run: madeBy }) },
          })),
          ...folders.map((path) => {
            const run = runs.get(join(folder as string, path));
            return {
              model: `folder:${path}`,
              title: path,
              kind: "folder" as const,
              ...(run === undefined ? {} : { run }),
            };
          }),
        ],
        folder,
      };
    },
    ask({ model, text, textPair, label }, signal) {
      return inTurn(async () => {
        // Who asked has gone while others were answered.
        if (signal.aborted) throw new Problem(400, "the question: nobody waits for its answer any more");
        const example = textPair === undefined ? text : { text, textPair };
        return answerOf(await desk.call("askModel", { folder: await placeOf(model), example, label }));
      });
    },
    hash: (model) => inTurn(async () => desk.call("hashModel", { folder: await placeOf(model) })),
    features: (model, examples) =>
      inTurn(async () => desk.call("features", { folder: await placeOf(model), examples })),
    async close() {
      isClosed = true;
      await desk.end();
      await last;
      if (place !== undefined) await rm(await place, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function answerOf({ family, prediction, explanation }: Answer): ModelAnswer {
  const values = "values" in prediction ? prediction.values : prediction.scores;
  const predicted = "label" in prediction ? [prediction.label] : "labels" in prediction ? [...prediction.labels] : [];
  return {
    ...{ family, predicted, scores: Object.entries(values).map(([name, value]) => ({ name, value })) },
    ...(explanation === undefined
      ? {}
      : {
          explanation: {
            ...{ label: explanation.label, value: explanation.value, baselineValue: explanation.baselineValue },
            ...{ tokens: [...explanation.tokens], words: [...explanation.words] },
          },
        }),
  };
}
