/** The commands, in the order of the help. A new one is a file in commands/ and a line here. */
import type { Command } from "commander";
import type { CommandContext } from "./command-context.js";
import { addArtifactsCommand } from "./commands/artifacts.js";
import { addConvertCommand } from "./commands/convert.js";
import { addDataCommand } from "./commands/data.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addEvaluateCommand } from "./commands/evaluate.js";
import { addExportCommand } from "./commands/export.js";
import { addModelsCommand } from "./commands/models.js";
import { addPredictCommand } from "./commands/predict.js";
import { addRunsCommand } from "./commands/runs.js";
import { addServeCommand } from "./commands/serve.js";
import { addStudioCommand } from "./commands/studio.js";
import { addSummaryCommand } from "./commands/summary.js";
import { addSweepCommand } from "./commands/sweep.js";
import { addTrainCommand } from "./commands/train.js";
import { addWorkerCommand } from "./commands/worker.js";

export const commands: readonly ((program: Command, context: CommandContext) => void)[] = [
  addTrainCommand,
  addSweepCommand,
  addWorkerCommand,
  addEvaluateCommand,
  addPredictCommand,
  addExportCommand,
  addServeCommand,
  addDataCommand,
  addModelsCommand,
  addConvertCommand,
  addSummaryCommand,
  addRunsCommand,
  addArtifactsCommand,
  addStudioCommand,
  addDoctorCommand,
];
