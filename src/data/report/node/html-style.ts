/** The style of the HTML report. Every colour has a value for day and one for night. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1f2937, #e5e7eb); --soft: light-dark(#5b6472, #9ca3af); --line: light-dark(#e5e7eb, #374151);
  --page: light-dark(#f8fafc, #0f172a); --card: light-dark(#ffffff, #1b2436); --fill: light-dark(#dbeafe, #1e3a5f);
  --accent: light-dark(#1d4ed8, #93c5fd); --problem: light-dark(#b91c1c, #f87171); --warning: light-dark(#b45309, #fbbf24);
  --note: light-dark(#1d4ed8, #93c5fd); --on-kind: light-dark(#ffffff, #0f172a);
  --series-1: light-dark(#0072b2, #56b4e9); --series-2: light-dark(#d98e00, #e6b04a); --series-3: light-dark(#009e73, #34c79a);
  --series-4: light-dark(#cc79a7, #e39ac3); --series-5: light-dark(#56b4e9, #8fcaf0); --series-6: light-dark(#d55e00, #f08a4b);
  --series-7: light-dark(#808080, #b0b0b0);
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-padding-top: 56px; scroll-behavior: smooth; }
body { margin: 0 auto; max-width: 1180px; padding: 20px 16px 64px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
header { position: relative; padding-right: 48px; }
header h1 { margin: 0; font-size: 26px; line-height: 1.25; overflow-wrap: anywhere; }
header p { margin: 4px 0 12px; color: var(--soft); }
#theme { position: absolute; top: 0; right: 0; width: 36px; height: 36px; border-radius: 50%; font-size: 18px; line-height: 1; }
nav { position: sticky; top: 0; z-index: 2; margin: 0 -16px; padding: 8px 16px; background: var(--page); border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
nav ul { display: flex; gap: 6px; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 3px 10px; border-radius: 14px; color: var(--soft); text-decoration: none; white-space: nowrap; font-size: 14px; }
nav a:hover, nav a:focus-visible { background: var(--fill); color: var(--ink); }
@media (min-width: 1040px) {
  body { display: grid; grid-template-columns: 150px minmax(0, 1fr); column-gap: 28px; }
  header { grid-column: 1 / -1; }
  nav { align-self: start; top: 16px; margin: 18px 0 0; padding: 0; border: 0; }
  nav ul { flex-direction: column; gap: 2px; }
  html { scroll-padding-top: 16px; }
}
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 4px 20px 16px; margin: 18px 0; }
@media (max-width: 600px) { section { padding: 4px 14px 14px; } }
h2 { font-size: 19px; margin: 14px 0 10px; }
h3 { font-size: 14px; margin: 0 0 6px; overflow-wrap: anywhere; }
.soft, figcaption, footer { color: var(--soft); }
.findings { list-style: none; padding: 0; margin: 0; }
.findings li { display: flex; gap: 12px; padding: 8px 0; border-top: 1px solid var(--line); }
.findings li:first-child { border-top: 0; }
.findings li > div { min-width: 0; overflow-wrap: anywhere; }
.kind { flex: 0 0 76px; height: 22px; text-align: center; border-radius: 11px; font-size: 12px; line-height: 22px; color: var(--on-kind); background: var(--note); }
.problem .kind { background: var(--problem); }
.warning .kind { background: var(--warning); }
@media (max-width: 600px) { .findings li { display: block; } .kind { display: inline-block; padding: 0 10px; margin-bottom: 4px; } }
figure { margin: 10px 0 16px; }
.plot { width: 100%; min-height: 40px; }
.plot svg { display: block; max-width: 100%; }
figcaption { font-size: 13px; margin-bottom: 6px; }
button { border: 1px solid var(--line); background: var(--card); color: var(--ink); font: inherit; cursor: pointer; }
.buttons { display: flex; flex-wrap: wrap; margin: 8px 0; }
.buttons button { padding: 3px 12px; font-size: 13px; margin-left: -1px; }
.buttons button:first-child { border-radius: 6px 0 0 6px; margin-left: 0; }
.buttons button:last-child { border-radius: 0 6px 6px 0; }
.buttons button[aria-pressed="true"] { background: var(--fill); border-color: var(--accent); position: relative; }
input[type="search"] { width: min(280px, 100%); margin: 6px 0; padding: 5px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); color: var(--ink); font: inherit; font-size: 14px; }
.scroll { overflow: auto; max-height: 520px; margin: 8px 0; }
table { border-collapse: collapse; font-size: 13px; min-width: min(100%, 420px); }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; }
td:not(.number) { min-width: 90px; }
thead th { position: sticky; top: 0; background: var(--card); white-space: nowrap; }
th button { border: 0; padding: 0; background: none; font-weight: 600; }
th button::after { content: "↕"; opacity: 0.3; padding-left: 4px; }
th[aria-sort="ascending"] button::after { content: "↑"; opacity: 1; }
th[aria-sort="descending"] button::after { content: "↓"; opacity: 1; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
hr { border: 0; border-top: 1px dashed var(--line); margin: 4px 0; }
.spark { vertical-align: middle; fill: var(--series-1); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(250px, 100%), 1fr)); gap: 14px; margin: 8px 0; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; min-width: 0; }
.many .cards { max-height: 720px; overflow-y: auto; }
.bars { list-style: none; margin: 0; padding: 0; font-size: 13px; }
.bars li { position: relative; display: flex; justify-content: space-between; gap: 8px; padding: 1px 6px; margin: 2px 0; }
.bar { position: absolute; inset: 0 auto 0 0; background: var(--fill); border-radius: 3px; }
.term, .count { position: relative; }
.term { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.count { color: var(--soft); font-size: 12px; white-space: nowrap; font-variant-numeric: tabular-nums; }
details { margin: 8px 0; }
summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
ol { padding-left: 26px; margin: 6px 0; }
ol li { margin: 3px 0; font-size: 14px; overflow-wrap: anywhere; }
footer { font-size: 12px; overflow-wrap: anywhere; }
[hidden] { display: none !important; }
@media print { nav, #theme, .buttons, input { display: none; } .scroll, .many .cards { max-height: none; } section { break-inside: avoid; } }
`;
