#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { runCommandLine } from "./command-line.js";
import { areTooLong, receiveArguments, runByChannel } from "./long-arguments.js";
import { processTerminal } from "./terminal.js";

const args = await receiveArguments();
process.exitCode = areTooLong(process.argv)
  ? await runByChannel(fileURLToPath(import.meta.url), args)
  : await runCommandLine(args, processTerminal());
