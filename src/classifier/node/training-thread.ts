/** The thread of a training: see start-training-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { plainError } from "../../base/node/plain-error.js";
import { datasetOfPlain } from "../../data/dataset/plain-dataset.js";
import { nodeRuntime } from "../../runtime/node/onnxruntime.js";
import { throughGate } from "../../runtime/node/run-gate.js";
import type { Answer, Callbacks } from "../../training/callbacks.js";
import type { TrainedState, TrainingSession } from "../fit-options.js";
import { stateOfPlain } from "../plain-state.js";
import { openTraining } from "../training-session.js";
import { nodePlatform } from "./platform.js";
import type { EventName, TrainingCall, TrainingReply, TrainingSetup } from "./training-messages.js";

const setup = workerData as TrainingSetup;
const port = parentPort as NonNullable<typeof parentPort>;
const post = (message: TrainingReply, sent?: TrainedState): void => {
  const arrays =
    sent && [sent.weights, sent.adapter?.tensors, sent.adapter?.frozen].flatMap((one) => [...(one?.values() ?? [])]);
  port.postMessage(message, [...new Set(arrays?.map(({ buffer }) => buffer as ArrayBuffer))]);
};

/** Thrown here where a callback threw in the other thread. */
class CallbackFailed extends Error {
  readonly event: number;

  constructor(event: number) {
    super("a callback failed");
    this.event = event;
  }
}
const callbackOf = (error: unknown): number | undefined => (error instanceof CallbackFailed ? error.event : undefined);

const controller = new AbortController();
if (setup.aborted) controller.abort();
const answers = new Map<number, (call: Extract<TrainingCall, { answer: number }>) => void>();
let { states } = setup;
let lastEvent = 0;
let session: TrainingSession | undefined;

/** Weights are steady between two steps and while they are evaluated. */
let stepping = false;
const asked: number[] = [];
const between = (): void => {
  stepping = false;
  for (const id of asked.splice(0)) giveState(id);
};
async function giveState(id: number): Promise<void> {
  const state = await (session as TrainingSession).state();
  post({ state, id }, state);
}

/** Tells an event where somebody hears it, and waits for the answer. */
async function ask(event: EventName, value: unknown): Promise<unknown> {
  if (!setup.events.includes(event)) return undefined;
  const id = ++lastEvent;
  const answer = new Promise<Extract<TrainingCall, { answer: number }>>((resolve) => answers.set(id, resolve));
  post({ event, value, id });
  const { value: said, failed, states: given } = await answer;
  states = given;
  if (failed) throw new CallbackFailed(id);
  return said;
}
const tell = (event: EventName, value: unknown): void => {
  if (setup.events.includes(event)) post({ event, value, id: undefined });
};

/** Passes an event on and waits for its answer; `goesOn` says whether a step may follow, during which weights change. */
const passOn =
  <A = void>(name: EventName, goesOn: boolean) =>
  async (event: unknown): Promise<A> => {
    between();
    const answer = (await ask(name, event)) as A;
    stepping = goesOn;
    return answer;
  };

const events: Callbacks = {
  onTokenizeProgress: (event) => tell("onTokenizeProgress", event),
  onTrainBegin: passOn("onTrainBegin", true),
  onEpochBegin: passOn("onEpochBegin", true),
  onStepBegin: passOn("onStepBegin", true),
  onEvaluationBegin: passOn("onEvaluationBegin", false),
  onLog: passOn("onLog", true),
  onStep: passOn<Answer | undefined>("onStep", true),
  onEvaluateProgress(event) {
    between();
    tell("onEvaluateProgress", event);
  },
  // Steps of the same epoch may follow.
  onEvaluation: passOn<Answer | undefined>("onEvaluation", true),
  onEpochEnd: passOn<Answer | undefined>("onEpochEnd", true),
  onTrainEnd: passOn("onTrainEnd", false),
  onError: ({ error, ...event }) =>
    passOn("onError", false)({ ...event, error: plainError(error), callback: callbackOf(error) }),
  onWarning: (message) => tell("onWarning", message),
};
// As many as there are in the other thread, for a checkpoint keeps the state of each.
const callbacks: Callbacks[] = Array.from({ length: Math.max(1, setup.callbacks) }, (_, index) => ({
  ...(index === 0 ? events : {}),
  ...(index < setup.callbacks
    ? {
        state: () => states[index],
        restore(state) {
          restored[index] = state;
          if (index === setup.callbacks - 1) post({ restore: restored });
        },
      }
    : {}),
}));
const restored: unknown[] = [];

async function open(): Promise<void> {
  const platform = { ...nodePlatform, runtime: throughGate(nodeRuntime, setup.gate) };
  const { train, validation, options } = setup;
  session = await openTraining(platform, stateOfPlain(setup.state), datasetOfPlain(train), {
    ...options,
    validation: validation && datasetOfPlain(validation),
    callbacks,
    signal: controller.signal,
  });
  post({ opened: session.reading });
}

async function run(training: TrainingSession): Promise<void> {
  const outcome = await training.run().then(
    (ended) => ({ ended }),
    (error: unknown) => ({ error: plainError(error), callback: callbackOf(error) }),
  );
  between();
  await training.close();
  const kept = await training.state();
  post({ ...outcome, kept }, kept);
}

port.on("message", (call: TrainingCall) => {
  if ("run" in call) void run(session as TrainingSession);
  else if ("abort" in call) controller.abort();
  else if ("ask" in call) {
    if (stepping) asked.push(call.ask);
    else void giveState(call.ask);
  } else {
    answers.get(call.answer)?.(call);
    answers.delete(call.answer);
  }
});
open().catch((error: unknown) => post({ error: plainError(error), callback: callbackOf(error), kept: undefined }));
