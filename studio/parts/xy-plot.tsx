/** Lines between 0 and 1 on both axes, drawn as SVG. */
import { shortNumber } from "./numbers.js";

export interface Line {
  readonly id: string;
  readonly color: string;
  readonly points: readonly (readonly [number, number])[];
  readonly isFaint?: boolean;
  readonly isMarked?: boolean;
}

const SIZE = 220;
const LEFT = 34;
const BOTTOM = 30;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export function XyPlot(props: {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  /** Shows where both are the same. */
  readonly diagonal?: boolean;
  /** A point to show. */
  readonly mark?: readonly [number, number];
}) {
  const { title, x, y, lines, diagonal = false, mark } = props;
  const across = (value: number): number => LEFT + value * SIZE;
  const down = (value: number): number => 8 + (1 - value) * SIZE;
  return (
    <figure className="card xy-plot">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${LEFT + SIZE + 10} ${SIZE + BOTTOM + 8}`}
        role="img"
        aria-label={`${title}: ${y} against ${x}`}
      >
        {TICKS.map((tick) => (
          <g key={tick} className="grid">
            <path d={`M${across(0)} ${down(tick)}H${across(1)}M${across(tick)} ${down(0)}V${down(1)}`} />
            <text x={LEFT - 5} y={down(tick) + 3} textAnchor="end">
              {tick}
            </text>
            <text x={across(tick)} y={down(0) + 13} textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
        {diagonal && <path className="diagonal" d={`M${across(0)} ${down(0)}L${across(1)} ${down(1)}`} />}
        {lines.map(({ id, color, points, isFaint = false, isMarked = false }) => (
          <g key={id} opacity={isFaint ? 0.25 : 1}>
            <path
              d={points
                .map(([px, py], i) => `${i === 0 ? "M" : "L"}${across(px).toFixed(1)} ${down(py).toFixed(1)}`)
                .join("")}
              stroke={color}
            />
            {isMarked &&
              points.map(([px, py]) => (
                <circle key={`${px} ${py}`} cx={across(px)} cy={down(py)} r={2.5} fill={color} />
              ))}
          </g>
        ))}
        {mark !== undefined && (
          <circle className="mark" cx={across(mark[0])} cy={down(mark[1])} r={4.5}>
            <title>
              {x} {shortNumber(mark[0])}, {y} {shortNumber(mark[1])}
            </title>
          </circle>
        )}
        <text x={across(0.5)} y={SIZE + BOTTOM + 4} textAnchor="middle">
          {x}
        </text>
        <text transform={`translate(9 ${down(0.5)}) rotate(-90)`} textAnchor="middle">
          {y}
        </text>
      </svg>
    </figure>
  );
}
