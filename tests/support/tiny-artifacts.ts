/** Artifacts of real runs: data in two versions, a file in the place of a classifier that was trained on it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Artifact, init } from "../../src/tracking/index.js";

export interface TinyArtifacts {
  /** The run that used the data and made the classifier. */
  readonly trained: string;
  /** A path in the data's first version that is hard to write. */
  readonly odd: string;
}

/** `place` is a folder for the files. */
export async function tinyArtifacts(dir: string, place: string): Promise<TinyArtifacts> {
  const odd = 'parts/ä "1"; x.csv';
  const settings = { statsSamplingInterval: 0, console: false } as const;
  const file = (name: string, content: string): string => {
    const path = join(place, name);
    writeFileSync(path, content);
    return path;
  };
  const cleaned = await init({ dir, project: "tickets", name: "clean", jobType: "data", settings });
  for (const version of [0, 1]) {
    const data = new Artifact({ name: "reviews", type: "dataset", metadata: { rows: 1 + version } });
    data.addFile(file("reviews.csv", `text,label\ngood ${version},1\n`));
    if (version === 0) data.addFile(file("odd.csv", "text,label\n<script>alert(1)</script>,0\n"), odd);
    await cleaned.logArtifact(data);
  }
  await cleaned.finish();
  const trained = await init({ dir, project: "tickets", name: "train on it", jobType: "train", settings });
  await trained.useArtifact("reviews:latest");
  const classifier = new Artifact({ name: "classifier", type: "model" });
  classifier.addFile(file("model.bin", "0123456789".repeat(20_000)));
  await trained.logArtifact(classifier, { aliases: ["best"] });
  await trained.finish();
  return { trained: trained.id, odd };
}
