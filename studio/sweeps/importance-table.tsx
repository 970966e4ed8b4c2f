import type { SweepDetails } from "../../src/studio/wire/sweeps.js";
import "../style/plain-table.css";

const [WIDTH, HEIGHT] = [110, 14];

/** How much of what trials came to is due to each parameter, with how sure that is. */
export function ImportanceTable({ importance }: Pick<SweepDetails, "importance">) {
  if (importance.length === 0)
    return <p className="muted">It can be said once four trials with different settings have finished.</p>;
  const x = (share: number): number => WIDTH * Math.min(1, Math.max(0, share));
  return (
    <>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">parameter</th>
            <th scope="col" colSpan={2}>
              share of the variance
            </th>
          </tr>
        </thead>
        <tbody>
          {importance.map(({ name, importance: share, deviation }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <svg className="bar" width={WIDTH} height={HEIGHT} aria-hidden="true">
                  <rect className="whole" width={WIDTH} height={HEIGHT} rx={3} />
                  <rect width={x(share)} height={HEIGHT} rx={3} />
                  <path
                    className="whisker"
                    d={`M${x(share - deviation)},${HEIGHT / 2}H${x(share + deviation)}M${x(share - deviation)},3v8M${x(share + deviation)},3v8`}
                  />
                </svg>
              </td>
              <td className="number">
                {share.toFixed(2)} <span className="muted">± {deviation.toFixed(2)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">
        What a parameter explains alone, by a random forest over the trials; ± is the deviation among its trees. The
        rest is due to several together.
      </p>
    </>
  );
}
