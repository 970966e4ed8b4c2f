/** The table of a quality check. */
import type { Estimate, GateRow } from "./quality-gate.js";

/** One line a model, columns aligned. */
export function formatGate(rows: readonly GateRow[]): string {
  const metrics = Object.keys(rows[0].metrics);
  const cells = [
    [
      "model",
      ...metrics.map((name) => `${name} (95 %)`),
      "agrees",
      "largest change",
      "MB",
      "start ms",
      "texts/s at 1",
      "at 32",
    ],
    ...rows.map((row) => [
      row.model,
      ...metrics.map((name) => estimateText(row.metrics[name])),
      `${(100 * row.agreement).toFixed(1)} %`,
      row.largestChange.toPrecision(2),
      (row.bytes / 1e6).toFixed(1),
      row.coldStart.toFixed(0),
      row.textsPerSecond[1].toFixed(0),
      row.textsPerSecond[32].toFixed(0),
    ]),
  ];
  const widths = cells[0].map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  return cells
    .map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "))
    .join("\n");
}

function estimateText({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
