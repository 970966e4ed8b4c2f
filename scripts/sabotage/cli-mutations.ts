/** Mistakes in the command line. */
import { inFile, type SourceMutation } from "./source-mutation.js";

export const CLI_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/cli/option-schema.ts",
    ["src/cli/option-schema.test.ts"],
    [
      ["an empty number is 0", 'raw.trim() === "" ? Number.NaN : Number(raw)', "Number(raw)"],
      ["of a repeated option the last counts", "return [...[before].flat(), value]", "return [value]"],
      ["options that were not written are given", '=== "cli") {', '!== "cli") {'],
      [
        "values of a configuration file are not checked",
        "const parsed = field.safeParse(value);",
        "const parsed = { success: true };",
      ],
    ],
  ),
  ...inFile(
    "src/cli/define-command.ts",
    ["src/cli/define-command.test.ts"],
    [
      [
        "the configuration file goes before the command line",
        "...givenOptions(command, record.groups),",
        "...givenOptions(command, record.groups), ...(config === undefined ? {} : await readConfigFile(config)),",
      ],
      ["a missing argument is passed over", "if (argument.optional !== true)", "if (argument.optional === null)"],
    ],
  ),
  ...inFile(
    "src/cli/interrupt.ts",
    ["src/cli/interrupt.test.ts"],
    [
      ["a second Ctrl-C waits too", "if (controller.signal.aborted) {", "if (1 > 2) {"],
      ["Ctrl-C is listened to for ever", "release();", ""],
    ],
  ),
  ...inFile(
    "src/cli/output-folder.ts",
    ["src/cli/output-folder.test.ts"],
    [
      ["any folder is replaced", "if (there.length > 0) await assertReplaceable(path);", ""],
      [
        "what tried whether one may write stays",
        'await rm(await mkdtemp(join(await nearestFolder(path), ".textune-")), { recursive: true });',
        'await mkdtemp(join(await nearestFolder(path), ".textune-"));',
      ],
    ],
  ),
  ...inFile(
    "src/cli/format-prediction.ts",
    ["src/cli/format-prediction.test.ts"],
    [["a text of several lines has several", ".map((cell) => oneLine(cell)).join(", ".join("]],
  ),
  ...inFile(
    "src/cli/option-words.ts",
    ["src/cli/option-words.test.ts"],
    [
      ["what is off is written as on", "return [value ? `--", "return [!value ? `--"],
      ["of several values one is written", "value.flatMap((one)", "value.slice(0, 1).flatMap((one)"],
    ],
  ),
  ...inFile(
    "src/base/field-facts.ts",
    ["src/cli/option-schema.test.ts"],
    [["a list within a union is none", "schema.anyOf?.flatMap(membersOf)", "schema.anyOf"]],
  ),
];
