/**
 * The first result: trains, evaluates and uses a classifier through the commands that a user would type, each printed
 * before it is run. The classifier is left in ./quickstart-classifier.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = "dist/cli/main.js";
const data = "examples/data/support-tickets.csv";
const folder = "quickstart-classifier";

const quote = (word: string): string => (/^[\w./-]+$/.test(word) ? word : `"${word}"`);

function run(program: string, args: readonly string[], shown: string): void {
  console.log(`\n$ ${shown}`);
  const { status, signal } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
}

const textune = (...args: string[]): void =>
  run(process.execPath, [command, ...args], `npx textune ${args.map(quote).join(" ")}`);

if (!existsSync(`${root}/${command}`)) run("npm", ["run", "--silent", "build"], "npm run build");
textune(
  "train",
  data,
  "--text",
  "text",
  "--label",
  "label",
  "--output",
  folder,
  "--test-split",
  "0.2",
  "--epochs",
  "4",
  "--batch-size",
  "16",
  "--learning-rate",
  "2e-4",
  "--overwrite",
);
textune(
  "predict",
  folder,
  "I was charged twice for the same order.",
  "The lamp arrived broken, I would like my money back.",
);
console.log(`
The classifier lies in ${root}${folder}. Next:
  npx textune predict ${folder} "your own text"
  npx textune train your-data.csv --text COLUMN --label COLUMN --output your-classifier
  npx textune help train`);
