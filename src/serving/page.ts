/** The page at `/`: a text in, labels out. Script and style are files of their own, as the server's policy asks. */

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Textune</title>
<link rel="stylesheet" href="/page/style.css">
<main>
  <h1>Textune</h1>
  <form>
    <label>Model <select name="model"></select></label>
    <label class="key" hidden>Key <input name="key" type="password" autocomplete="off"></label>
    <label>Text <textarea name="text" rows="6" required autofocus></textarea></label>
    <label class="pair" hidden>Second text, for a model of pairs <textarea name="pair" rows="3"></textarea></label>
    <button>Classify</button>
  </form>
  <output></output>
  <p><a href="/openapi.json">openapi.json</a> describes the server to programs.</p>
</main>
<script src="/page/script.js"></script>
</html>
`;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
form, label { display: grid; gap: 0.5rem; }
form { gap: 1rem; }
[hidden] { display: none; }
textarea, select, input, button { font: inherit; padding: 0.5rem; }
button { justify-self: start; padding: 0.5rem 1.5rem; }
table { width: 100%; margin-top: 1.5rem; border-collapse: collapse; }
td { padding: 0.25rem 0.5rem 0.25rem 0; }
td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
progress { width: 100%; }
.problem { color: light-dark(#b00020, #ff8a80); margin-top: 1.5rem; display: block; }
`;

const script = `
const form = document.querySelector("form");
const output = document.querySelector("output");
const [key, pair] = [".key", ".pair"].map((label) => document.querySelector(label));
let models = [];
const headers = () => ({
  "content-type": "application/json",
  ...(form.key.value === "" ? {} : { authorization: "Bearer " + form.key.value }),
});
const cell = (content) => {
  const td = document.createElement("td");
  td.append(content);
  return td;
};
const say = (text) => {
  const p = document.createElement("span");
  p.className = "problem";
  p.textContent = text;
  output.replaceChildren(p);
};
async function loadModels() {
  const answer = await fetch("/v1/models", { headers: headers() });
  if (answer.status === 401) {
    key.hidden = false;
    return;
  }
  models = (await answer.json()).models;
  form.model.replaceChildren(...models.map(({ name }) => new Option(name, name)));
  askForPair();
}
// Where it is not known whether a model reads pairs, it may be asked both ways.
function askForPair() {
  const { pairs } = models.find(({ name }) => name === form.model.value) ?? {};
  pair.hidden = pairs === false;
  form.pair.required = pairs === true;
}
form.model.addEventListener("change", askForPair);
form.key.addEventListener("change", () => loadModels());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const [text, text_pair] = [form.text.value, pair.hidden ? "" : form.pair.value];
    const input = text_pair === "" ? text : { text, text_pair };
    const body = JSON.stringify({ model: form.model.value || undefined, input });
    const answer = await fetch("/v1/classify", { method: "POST", headers: headers(), body });
    const content = await answer.json();
    if (!answer.ok) return say(content.error);
    const table = document.createElement("table");
    const [result] = content.results;
    for (const { label, score } of result.scores) {
      const row = document.createElement("tr");
      if ("value" in result) row.append(cell(label), cell(score.toPrecision(5)));
      else {
        const bar = document.createElement("progress");
        bar.value = score;
        row.append(cell(label), cell(bar), cell((100 * score).toFixed(1) + " %"));
      }
      table.append(row);
    }
    output.replaceChildren(table);
  } catch (error) {
    say(String(error));
  }
});
loadModels();
`;

export const PAGE = { html, style, script } as const;
