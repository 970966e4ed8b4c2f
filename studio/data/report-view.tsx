/** A data report in the page: what to do first, then classes, lengths, doubles, words and rows. */
import type { DataReport } from "../../src/data/report/data-report.js";
import { shortNumber } from "../parts/numbers.js";

const MOST_CLASSES = 30;
const MOST_WORDS = 8;
const MOST_TEXTS = 3;
const [WIDTH, HEIGHT] = [300, 90];

const whole = (value: number): string => value.toLocaleString("en");

export function ReportView({ report }: { readonly report: DataReport }) {
  return (
    <>
      <Findings report={report} />
      <div className="cards">
        <Classes report={report} />
        {report.lengths.map((lengths) => (
          <Lengths key={lengths.unit} lengths={lengths} />
        ))}
        <Doubles report={report} />
        <Columns report={report} />
      </div>
      {report.words.length > 0 && <Words report={report} />}
      <Samples report={report} />
      {report.notices.length > 0 && (
        <section className="card">
          <header>
            <h2>How it was read</h2>
          </header>
          <ul className="notices">
            {report.notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Findings({ report: { findings } }: { readonly report: DataReport }) {
  return (
    <section className="card">
      <header>
        <h2>What was found</h2>
      </header>
      {findings.length === 0 && <p className="muted">Nothing that asks for a decision.</p>}
      <ul className="findings">
        {findings.map(({ kind, finding, advice }) => (
          <li key={finding} className={kind}>
            <strong>{kind}</strong>
            <span>
              {finding} <span className="muted">{advice}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Classes({ report: { labels, rows } }: { readonly report: DataReport }) {
  if (labels.names.length === 0) return null;
  const most = Math.max(1, ...labels.counts);
  const shown = labels.names
    .map((name, id) => ({ name, count: labels.counts[id] ?? 0 }))
    .sort((a, b) => b.count - a.count);
  return (
    <section className="card">
      <header>
        <h2>Classes</h2>
        <span className="muted">{labels.names.length}</span>
      </header>
      <dl className="counts">
        {shown.slice(0, MOST_CLASSES).map(({ name, count }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <svg width="90" height="10" aria-hidden="true">
                <rect width={(90 * count) / most} height="10" rx="2" />
              </svg>
              {whole(count)}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length > MOST_CLASSES && <p className="muted">and {shown.length - MOST_CLASSES} more</p>}
      <p className="muted">
        Always saying the most frequent is right for {shortNumber(100 * labels.majorityAccuracy)} % of {whole(rows)}{" "}
        rows.
      </p>
    </section>
  );
}

function Lengths({ lengths }: { readonly lengths: DataReport["lengths"][number] }) {
  const { unit, all, histogram } = lengths;
  const most = Math.max(1, ...histogram.counts);
  const step = WIDTH / Math.max(1, histogram.counts.length);
  return (
    <section className="card">
      <header>
        <h2>Lengths in {unit}</h2>
      </header>
      <svg
        className="histogram"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Lengths in ${unit}: half of the texts have at most ${shortNumber(all.median)}`}
      >
        {histogram.counts.map((count, bin) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          <rect key={bin} x={bin * step} width={Math.max(0.5, step - 1)} {...bar(count / most)}>
            <title>{`${bin * histogram.width} to ${(bin + 1) * histogram.width - 1} ${unit}: ${whole(count)} texts`}</title>
          </rect>
        ))}
      </svg>
      <p className="muted">
        0 to {whole(histogram.counts.length * histogram.width - 1)} {unit}
        {histogram.beyond > 0 && `; ${whole(histogram.beyond)} texts are longer`}
      </p>
      <dl className="values">
        {(["minimum", "median", "mean", "p95", "maximum"] as const).map((name) => (
          <div key={name}>
            <dt>{name === "p95" ? "95 % have at most" : name}</dt>
            <dd>{shortNumber(all[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function bar(share: number): { readonly y: number; readonly height: number } {
  const height = share === 0 ? 0 : Math.max(1, share * HEIGHT);
  return { y: HEIGHT - height, height };
}

function Doubles({ report }: { readonly report: DataReport }) {
  const { duplicates, nearDuplicates } = report;
  const facts: readonly (readonly [string, number])[] = [
    ["rows with a text that was there before", duplicates.exact],
    ["the same but for case, punctuation and spaces", duplicates.normalized],
    ["texts with more than one label", duplicates.contradictory],
    ["texts nearly the same as another", nearDuplicates.texts],
    ...duplicates.acrossParts.map(
      ({ part, alsoIn, rows }) => [`rows of ${part} that ${alsoIn} has too`, rows] as const,
    ),
  ];
  return (
    <section className="card">
      <header>
        <h2>Doubles</h2>
      </header>
      <dl className="values">
        {facts.map(([what, count]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{whole(count)}</dd>
          </div>
        ))}
      </dl>
      {duplicates.contradictions.slice(0, MOST_TEXTS).map(({ text, labels }) => (
        <p key={text} className="quoted">
          {text} <span className="muted">{labels.join(", ")}</span>
        </p>
      ))}
    </section>
  );
}

function Columns({ report: { columns } }: { readonly report: DataReport }) {
  if (columns.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>Columns</h2>
        <span className="muted">{columns.length}</span>
      </header>
      <dl className="values">
        {columns.map(({ name, kind, role, missing, distinct }) => (
          <div key={name}>
            <dt>
              {name} {role !== "other" && <span className="tag">{role}</span>}
            </dt>
            <dd>
              {kind}, {whole(distinct)} different{missing > 0 && `, ${whole(missing)} missing`}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Words({ report: { words } }: { readonly report: DataReport }) {
  return (
    <section className="card">
      <header>
        <h2>Words that tell the classes</h2>
      </header>
      <dl className="telling">
        {words.slice(0, MOST_CLASSES).map(({ label, contentWords, words: all }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {(contentWords.length > 0 ? contentWords : all).slice(0, MOST_WORDS).map(({ word, count, total }) => (
                <span key={word} className="tag" title={`${count} of ${total} times in this class`}>
                  {word}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Samples({ report: { samples } }: { readonly report: DataReport }) {
  return (
    <section className="card">
      <header>
        <h2>Some rows</h2>
      </header>
      {samples.slice(0, MOST_CLASSES).map(({ label, texts }) => (
        <details key={label}>
          <summary>{label === "" ? "rows" : label}</summary>
          {texts.map((text) => (
            <p key={text} className="quoted">
              {text}
            </p>
          ))}
        </details>
      ))}
    </section>
  );
}
