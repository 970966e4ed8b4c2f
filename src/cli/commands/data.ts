/** `textune data`: look at data, clean it, split it. */
import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { addDataCleanCommand } from "./data-clean.js";
import { addDataReportCommand } from "./data-report.js";
import { addDataSplitCommand } from "./data-split.js";

/** Adds the commands to `program`. */
export function addDataCommand(program: Command, context: CommandContext): void {
  const data = program
    .command("data")
    .summary("look at data, clean it, split it")
    .description("Look at a data set before training on it, clean it, split it into files.");
  addDataReportCommand(data, context);
  addDataCleanCommand(data, context);
  addDataSplitCommand(data, context);
}
