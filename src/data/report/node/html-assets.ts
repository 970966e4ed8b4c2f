/** Style and script of the HTML report. */

export const REPORT_STYLE = `
:root { color-scheme: light; --ink: #1f2937; --soft: #6b7280; --line: #e5e7eb; --problem: #b91c1c; --warning: #b45309; --note: #1d4ed8; }
* { box-sizing: border-box; }
body { margin: 0; background: #f8fafc; color: var(--ink); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 24px 16px 64px; }
header h1 { margin: 0; font-size: 26px; overflow-wrap: anywhere; }
header p, .notices, footer { color: var(--soft); }
.notices { font-size: 13px; padding-left: 18px; }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 4px 20px 16px; margin: 18px 0; }
h2 { font-size: 18px; margin: 14px 0 10px; }
.findings { list-style: none; padding: 0; margin: 0; }
.findings li { display: flex; gap: 12px; padding: 8px 0; border-top: 1px solid var(--line); }
.findings li:first-child { border-top: 0; }
.kind { flex: 0 0 76px; height: 22px; text-align: center; border-radius: 11px; font-size: 12px; line-height: 22px; color: #fff; background: var(--note); }
.problem .kind { background: var(--problem); }
.warning .kind { background: var(--warning); }
.plot { margin: 8px 0; overflow-x: auto; }
.switch { display: flex; gap: 0; margin: 6px 0; }
.switch button { border: 1px solid var(--line); background: #fff; padding: 4px 12px; font: inherit; font-size: 13px; cursor: pointer; }
.switch button[aria-pressed="true"] { background: #e0e7ff; border-color: #a5b4fc; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; margin: 8px 0; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
details { margin: 8px 0; }
summary { cursor: pointer; font-weight: 600; }
ol { padding-left: 26px; }
ol li { margin: 3px 0; font-size: 14px; overflow-wrap: anywhere; }
footer { font-size: 12px; }
`;

export const REPORT_SCRIPT = `
"use strict";
const specs = JSON.parse(document.getElementById("specs").textContent);
const drawn = new Set();
function draw(figure) {
  if (figure.hidden || drawn.has(figure.id)) return;
  drawn.add(figure.id);
  new vega.View(vega.parse(specs[figure.id]), { renderer: "svg", container: figure, hover: true }).runAsync();
}
document.querySelectorAll(".plot").forEach(draw);
document.querySelectorAll(".switch button").forEach((button) => {
  button.addEventListener("click", () => {
    document.getElementById(button.dataset.hide).hidden = true;
    const figure = document.getElementById(button.dataset.show);
    figure.hidden = false;
    draw(figure);
    button.parentElement.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  });
});
`;
