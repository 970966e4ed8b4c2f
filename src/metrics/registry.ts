/** All metrics of a classifier. A new one is a file beside this one and a line here: report, names and table follow. */

import { accuracy } from "./accuracy.js";
import { balancedAccuracy } from "./balanced-accuracy.js";
import { f1 } from "./f1.js";
import { loss } from "./loss.js";
import { majorityAccuracy } from "./majority-accuracy.js";
import { matthews } from "./matthews.js";
import { precision } from "./precision.js";
import { recall } from "./recall.js";

/** Metrics with one value for the whole set, by their field in the report. */
export const scalarMetrics = { loss, accuracy, majorityAccuracy, balancedAccuracy, matthews } as const;

/** Metrics with a value for every class and three averages, by their field in the report. */
export const classMetrics = { precision, recall, f1 } as const;
