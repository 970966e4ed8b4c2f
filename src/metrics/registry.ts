/** All metrics. A new one is a file in counts/, scores/ or numbers/ and a word here: report, names and table follow. */

import { accuracy } from "./counts/accuracy.js";
import { balancedAccuracy } from "./counts/balanced-accuracy.js";
import { binaryAccuracy } from "./counts/binary-accuracy.js";
import { cohenKappa } from "./counts/cohen-kappa.js";
import { fBeta } from "./counts/f-beta.js";
import { f1 } from "./counts/f1.js";
import { hammingLoss } from "./counts/hamming-loss.js";
import { loss } from "./counts/loss.js";
import { majorityAccuracy } from "./counts/majority-accuracy.js";
import { matthews } from "./counts/matthews.js";
import { precision } from "./counts/precision.js";
import { recall } from "./counts/recall.js";
import { specificity } from "./counts/specificity.js";
import { mae } from "./numbers/mean-absolute-error.js";
import { mse } from "./numbers/mean-squared-error.js";
import { pearson } from "./numbers/pearson.js";
import { r2 } from "./numbers/r2.js";
import { regressionLoss } from "./numbers/regression-loss.js";
import { rmse } from "./numbers/root-mean-squared-error.js";
import { spearman } from "./numbers/spearman.js";
import { averagePrecision } from "./scores/average-precision.js";
import { brier } from "./scores/brier.js";
import { expectedCalibrationError } from "./scores/expected-calibration-error.js";
import { precisionAtRecall } from "./scores/precision-at-recall.js";
import { recallAtPrecision } from "./scores/recall-at-precision.js";
import { rocAuc } from "./scores/roc-auc.js";
import { rocAucOvo } from "./scores/roc-auc-ovo.js";
import { topKAccuracy } from "./scores/top-k-accuracy.js";

/** In the order in which a report shows them. */
export const METRICS = [
  loss,
  accuracy,
  majorityAccuracy,
  balancedAccuracy,
  matthews,
  cohenKappa,
  binaryAccuracy,
  hammingLoss,
  topKAccuracy,
  rocAucOvo,
  brier,
  expectedCalibrationError,
  precision,
  recall,
  f1,
  fBeta,
  specificity,
  rocAuc,
  averagePrecision,
  precisionAtRecall,
  recallAtPrecision,
  regressionLoss,
  mse,
  rmse,
  mae,
  r2,
  pearson,
  spearman,
] as const;
