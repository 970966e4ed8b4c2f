/** Whether a metric counts epochs, so that curves may lie along it. */
export function countsEpochs(metric: string): boolean {
  return /(?:^|\/)epoch$/.test(metric);
}
