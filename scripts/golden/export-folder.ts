/** Exports the classifier of tests/parity/exported-models.test.ts in every dtype, for exported_in_python.py. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ONNX_DTYPES } from "../../src/checkpoints/onnx-files.js";
import { TextClassifier } from "../../src/index.js";
import { EXPORTED_LABELS, EXPORTED_SHARPNESS } from "../../tests/support/exported-texts.js";
import { saveTwoLayers } from "../../tests/support/two-layers.js";

const [folder = "/tmp/exported-folder"] = process.argv.slice(2);
const place = await mkdtemp(join(tmpdir(), "textune-export-"));
await saveTwoLayers(place, EXPORTED_LABELS, 3, EXPORTED_SHARPNESS);
const classifier = await TextClassifier.fromPretrained(place);
await classifier.export(folder, { dtype: ONNX_DTYPES });
await classifier.close();
await rm(place, { recursive: true });
