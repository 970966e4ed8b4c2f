/**
 * Runs recorded, compared and repeated, on this machine.
 *
 * @module textune/tracking
 */
export { Artifact, type ArtifactOptions } from "./artifact.js";
export type { PutArtifact } from "./artifacts/put-artifact.js";
export { init } from "./init.js";
export type { InitOptions, InitSettings } from "./init-options.js";
export type { MetricRule } from "./recording/protocol.js";
export type { AlertOptions, FinishOptions, LogOptions, Run, UsedArtifact } from "./run.js";
export {
  type AgentOptions,
  agent,
  type SweepOptions,
  type SweepTrial,
  sweep,
  type TrialResult,
} from "./sweeps/agent.js";
export { Table, type TableKind, type TableOptions } from "./table.js";
export { logEvaluation, logOutputs, type TrackerOptions, tracker } from "./tracker.js";
