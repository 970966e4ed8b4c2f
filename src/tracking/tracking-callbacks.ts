/** Callbacks that record: known as such, and made when training begins. */
import type { Callbacks } from "../training/callbacks.js";

const trackers = new WeakSet<Callbacks>();

/** Makes `callbacks` known as those that record a training. */
export function markTracker(callbacks: Callbacks): Callbacks {
  trackers.add(callbacks);
  return callbacks;
}

/** Whether `callbacks` record a training. */
export function isTracker(callbacks: Callbacks): boolean {
  return trackers.has(callbacks);
}

/** Callbacks that are made as training begins: what is refused before is not recorded. */
export function trackerOnceBegun(start: () => Promise<Callbacks | undefined>): Callbacks {
  let tracking: Callbacks = {};
  return {
    async onTrainBegin(event) {
      tracking = (await start()) ?? {};
      await tracking.onTrainBegin?.(event);
    },
    onEpochBegin: (event) => tracking.onEpochBegin?.(event),
    onStepBegin: (event) => tracking.onStepBegin?.(event),
    onEvaluationBegin: (event) => tracking.onEvaluationBegin?.(event),
    onLog: (event) => tracking.onLog?.(event),
    onStep: (event) => tracking.onStep?.(event),
    onEvaluation: (event) => tracking.onEvaluation?.(event),
    onEpochEnd: (event) => tracking.onEpochEnd?.(event),
    onTrainEnd: (event) => tracking.onTrainEnd?.(event),
    onError: (event) => tracking.onError?.(event),
    onArtifact: (event) => tracking.onArtifact?.(event),
  };
}
