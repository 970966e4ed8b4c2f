/** The look at the data before training: labels, lengths, a stratified split, and whether its parts are alike. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanDataset, pipelineOf, readDataset, renderReportText, reportDataset, writeReportImages } from "textune";

// The file named as the argument (SMS Spam's SMSSpamCollection, say), or the tickets that come with Textune.
const raw = await readDataset(process.argv[2] ?? "examples/data/support-tickets.csv");
for (const notice of raw.notices) console.log(`note: ${notice}`);

// 1. The distribution of labels, and what a model must beat.
raw.labels.names.forEach((name, id) => {
  console.log(name, raw.labels.counts[id]);
});
const look = await reportDataset(raw);
console.log("always the most frequent class:", look.labels.majorityAccuracy.toFixed(3));

// 2. Lengths in words and characters.
for (const { unit, all } of look.lengths) console.log(`average ${all.mean.toFixed(0)} ${unit}, at most ${all.maximum}`);

// 3. The same text in two parts would flatter the results: duplicates go before the split.
const { dataset } = cleanDataset(raw, { stripMarkup: true, trim: true, dropDuplicates: "normalized" });
console.log(`${raw.length - dataset.length} duplicates dropped`);

// 4. A small stratified part to train on, a smaller one to validate: every part keeps the mix of labels.
const { train, validation } = dataset.split({ train: 0.5, validation: 0.1, stratify: true, seed: 42 });
const parts = await reportDataset({ train, validation }, { title: "the two parts" });
console.log(renderReportText(parts, { samples: 1 }));

// 5. The plots, as files.
const folder = await mkdtemp(join(tmpdir(), "textune-"));
for (const path of await writeReportImages(parts, folder, "png")) console.log(path, (await stat(path)).size, "bytes");
await rm(folder, { recursive: true });

// 6. Batches, lazily, prepared ahead of whoever takes them.
const batches = pipelineOf(train)
  .map((row) => ({ text: row.text, label: train.labelId(row.index) }))
  .shuffle(1000, { seed: 42 })
  .batch(32, { dropRemainder: true })
  .prefetch(2);
console.log(JSON.stringify(await batches.elementSpec()));
