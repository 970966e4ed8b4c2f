/** A folder with a folder of texts for each class, as the IMDB reviews come, read with Keras' options. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataset, textDatasetFromDirectory } from "textune";

// Name an archive as the argument, aclImdb_v1.tar.gz say; it need not be unpacked. Without one, a small folder is made.
const archive = process.argv[2];
const temporary = await mkdtemp(join(tmpdir(), "textune-"));
const directory = archive !== undefined ? archive : await makeFolder();

const { training, validation } = await textDatasetFromDirectory(directory, {
  exclude: ["unsup"],
  validationSplit: 0.2,
  subset: "both",
  seed: 42,
});
console.log(training.length, "texts to train on,", validation.length, "to validate");
training.labels.names.forEach((name, id) => {
  console.log(`class ${id} is "${name}":`, training.labels.counts[id], "texts");
});
console.log(training.label(0), "|", training.text(0).slice(0, 100));
await rm(temporary, { recursive: true });

async function makeFolder(): Promise<string> {
  const tickets = await readDataset("examples/data/support-tickets.csv");
  for (const { index, text, label } of tickets.head(200)) {
    await mkdir(join(temporary, "train", String(label)), { recursive: true });
    await writeFile(join(temporary, "train", String(label), `${index}.txt`), text);
  }
  return join(temporary, "train");
}
