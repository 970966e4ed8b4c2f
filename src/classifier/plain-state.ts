/** A classifier as plain values, which can be sent to another thread. */
import { headNamed } from "../heads/registry.js";
import { modelOf } from "../models/registry.js";
import { taskNamed } from "../tasks/registry.js";
import type { TokenizerFiles } from "../tokenizers/files/tokenizer-files.js";
import { loadTokenizer } from "../tokenizers/tokenizer.js";
import type { ClassifierState } from "./classifier-state.js";

export interface PlainState extends Omit<ClassifierState, "model" | "config" | "tokenizer" | "head" | "task"> {
  readonly tokenizerFiles: TokenizerFiles;
  readonly head: { readonly name: string; readonly options: unknown };
  /** The name of the task. */
  readonly taskName: string;
}

export function plainState(state: ClassifierState): PlainState {
  // What is made of rawConfig is made of it again.
  const { model: _, config: __, tokenizer, head, task, ...plain } = state;
  return {
    ...plain,
    tokenizerFiles: tokenizer.files,
    head: { name: head.head.name, options: head.options },
    taskName: task.name,
  };
}

export function stateOfPlain(plain: PlainState): ClassifierState {
  const { tokenizerFiles, head, taskName, ...state } = plain;
  const model = modelOf(state.rawConfig);
  return {
    ...state,
    model,
    config: model.readConfig(state.rawConfig),
    tokenizer: loadTokenizer(tokenizerFiles),
    head: { head: headNamed(head.name), options: head.options },
    task: taskNamed(taskName),
  };
}
