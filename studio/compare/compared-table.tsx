/** Values of several runs beside one another. */
import { useState } from "react";
import { wilsonShare } from "../../src/labelling/wilson.js";
import { shortNumber, valueText } from "../parts/numbers.js";
import { bestOf, type ComparedValue } from "./compare-values.js";

/** Values that are shown until all are asked for. */
const FIRST = 20;

export interface ComparedRun {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

export function ComparedTable(props: {
  readonly title: string;
  readonly runs: readonly ComparedRun[];
  readonly values: readonly ComparedValue[];
  /** Whether the best of each line is marked, and accuracies have intervals. */
  readonly areResults?: boolean;
}) {
  const { title, runs, values, areResults = false } = props;
  const [isWhole, setWhole] = useState(false);
  const isCut = !isWhole && values.length > FIRST + 4;
  if (values.length === 0) return null;
  const rowsOf = new Map(values.map(({ name, values: all }) => [name, all]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="card compared" tabIndex={0} aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <td />
            {runs.map(({ id, name, color }) => (
              <th key={id} scope="col" title={name}>
                <i style={{ background: color }} />
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(isCut ? values.slice(0, FIRST) : values).map((value) => {
            const best = areResults ? bestOf(value) : undefined;
            const prefix = value.name.slice(0, value.name.lastIndexOf("/") + 1);
            const counts = value.name === `${prefix}accuracy` ? rowsOf.get(`${prefix}examples`) : undefined;
            return (
              <tr key={value.name} className={value.isSame ? "same" : undefined}>
                <th scope="row">{value.name}</th>
                {value.values.map((one, index) => {
                  const rows = counts?.[index];
                  return (
                    <td key={runs[index].id} className={best === index ? "best" : undefined}>
                      {one === undefined ? "–" : valueText(one)}
                      {areResults && typeof one === "number" && typeof rows === "number" && rows > 0 && (
                        <Interval share={one} rows={rows} />
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      {isCut && (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          Show all {values.length}
        </button>
      )}
    </section>
  );
}

function Interval({ share, rows }: { readonly share: number; readonly rows: number }) {
  const { low, high } = wilsonShare(share * rows, rows);
  return (
    <>
      {" "}
      <small title={`95 % interval of ${rows} rows`}>
        {shortNumber(Number(low.toFixed(3)))}–{shortNumber(Number(high.toFixed(3)))}
      </small>
    </>
  );
}
