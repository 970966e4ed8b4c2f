/** Colours of runs, told apart on white and on black. */
const COLORS = [
  "#4a7bdc",
  "#e0782f",
  "#3c9d62",
  "#c4528f",
  "#8a63d2",
  "#1f9bb3",
  "#b38a14",
  "#d4524d",
  "#7d8896",
  "#77992b",
];

export function colorAt(index: number): string {
  return COLORS[index % COLORS.length];
}
