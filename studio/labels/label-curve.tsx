/** How accurate the model is with so many labels, with its interval. */
import type { LabelState } from "../../src/studio/wire/labels.js";

const WIDTH = 360;
const HEIGHT = 150;
const LEFT = 42;
const BOTTOM = 20;

export function LabelCurve({ points }: { readonly points: LabelState["curve"] }) {
  const last = points.at(-1);
  if (last === undefined)
    return (
      <p className="muted curve-none">Its accuracy is told once ten rows that were drawn by chance have a label.</p>
    );
  const most = Math.max(last.labels, 50);
  const x = (labels: number): number => LEFT + ((WIDTH - LEFT - 6) * labels) / most;
  const y = (share: number): number => 6 + (HEIGHT - BOTTOM - 6) * (1 - share);
  const line = points.map(({ labels, value }) => `${x(labels)},${y(value)}`).join(" ");
  const band = [
    ...points.map(({ labels, high }) => `${x(labels)},${y(high)}`),
    ...[...points].reverse().map(({ labels, low }) => `${x(labels)},${y(low)}`),
  ].join(" ");
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const said = `Accuracy ${percent(last.value)} (${percent(last.low)} to ${percent(last.high)}) with ${last.labels} labels, measured on ${last.checked} rows drawn by chance that the model did not see.`;
  return (
    <figure className="label-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line className="grid" x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} />
            <text x={LEFT - 5} y={y(share) + 4} textAnchor="end">
              {percent(share)}
            </text>
          </g>
        ))}
        <polygon className="band" points={band} />
        <polyline className="line" points={line} />
        {points.map(({ labels, value }) => (
          <circle key={labels} cx={x(labels)} cy={y(value)} r={2.5} />
        ))}
        <text x={WIDTH} y={HEIGHT - 4} textAnchor="end">
          {most} labels
        </text>
      </svg>
      <figcaption>{said}</figcaption>
    </figure>
  );
}
