/**
 * Each trial as a line over an axis for each parameter, and what it came to at the right. A part of an axis is chosen with
 * the mouse, or by the arrow keys at its two handles.
 */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { SweepDetails, SweepTrial } from "../../src/studio/wire/sweeps.js";
import { useMeasuredWidth } from "../parts/measured-width.js";
import { shortNumber, valueText } from "../parts/numbers.js";
import { niceTicks, rangeOf } from "../parts/scale.js";
import { goodness, resultOf } from "./rank-trials.js";

/** The chosen part of an axis, in [0, 1]. */
export type Part = readonly [low: number, high: number];
/** By the axis's name; one that is not there is chosen whole. */
export type Parts = Readonly<Record<string, Part>>;

interface Axis {
  readonly name: string;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  place(trial: SweepTrial): number | null;
}

const HEIGHT = 300;
const [TOP, BOTTOM, SIDE] = [44, 16, 74];
const NARROWEST = 96;
const WHOLE: Part = [0, 1];
/** How far a key moves a handle. */
const KEY_STEP = 0.05;
/** A part as short as this was a click. */
const CLICK = 0.015;
const MOST_LETTERS = 14;

/** The axes of a sweep: its parameters, and its metric where trials came to one. */
export function axesOf(sweep: SweepDetails): readonly Axis[] {
  const parameters = sweep.axes.map(
    ({ name, ticks }, index): Axis => ({
      name,
      ticks: ticks.map(({ at, value }) => ({ at, text: valueText(value) })),
      place: ({ places }) => places[index] ?? null,
    }),
  );
  const values = sweep.trials.flatMap((trial) => resultOf(trial) ?? []);
  if (sweep.metric === undefined || values.length === 0) return parameters;
  const [low, high] = rangeOf(values, 0.02);
  const at = (value: number): number => (value - low) / (high - low);
  const result: Axis = {
    name: sweep.metric.name,
    ticks: niceTicks(low, high, 5).map((value) => ({ at: at(value), text: shortNumber(value) })),
    place(trial) {
      const value = resultOf(trial);
      return value === undefined ? null : at(value);
    },
  };
  return [...parameters, result];
}

/** Whether a trial lies in every chosen part. */
export function isInParts(axes: readonly Axis[], parts: Parts): (trial: SweepTrial) => boolean {
  const chosen = axes.flatMap((axis) => (parts[axis.name] === undefined ? [] : [[axis, parts[axis.name]] as const]));
  return (trial) =>
    chosen.every(([axis, [low, high]]) => {
      const place = axis.place(trial);
      return place !== null && place >= low - 1e-9 && place <= high + 1e-9;
    });
}

export function ParallelCoordinates(props: {
  readonly sweep: SweepDetails;
  readonly axes: readonly Axis[];
  readonly parts: Parts;
  /** Trials that are not faded. */
  readonly kept: (trial: SweepTrial) => boolean;
  readonly onParts: (parts: Parts) => void;
}) {
  const { sweep, axes, parts, kept, onParts } = props;
  const [frame, measured] = useMeasuredWidth<HTMLElement>(600);
  const width = Math.max(measured, 2 * SIDE + (axes.length - 1) * NARROWEST);
  const x = (index: number): number => SIDE + (axes.length < 2 ? 0 : (index / (axes.length - 1)) * (width - 2 * SIDE));
  const y = (place: number): number => TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
  const good = goodness(sweep);
  const setPart = (name: string, [low, high]: Part): void => {
    const { [name]: _, ...others } = parts;
    onParts(low <= 0 && high >= 1 ? others : { ...others, [name]: [Math.max(0, low), Math.min(1, high)] });
  };
  // The best lie above.
  const lines = sweep.trials
    .map((trial) => ({ trial, value: resultOf(trial) }))
    .sort((a, b) => (a.value === undefined ? -1 : good(a.value)) - (b.value === undefined ? -1 : good(b.value)));
  return (
    <section ref={frame} className="chart wide" aria-label="Trials over their parameters">
      <svg width={width} height={HEIGHT} aria-label={`${lines.length} trials as lines`}>
        <g className="trial-lines">
          {lines.map(({ trial, value }) => (
            <path
              key={trial.number}
              className={kept(trial) ? undefined : "faded"}
              d={lineOf(
                axes.map((axis) => axis.place(trial)),
                x,
                y,
              )}
              style={value === undefined ? undefined : { stroke: shade(good(value)) }}
            >
              <title>{`Trial ${trial.number}${value === undefined ? `, ${trial.state}` : `: ${sweep.metric?.name} ${shortNumber(value)}`}`}</title>
            </path>
          ))}
        </g>
        {axes.map((axis, index) => (
          <AxisWithPart
            key={axis.name}
            axis={axis}
            x={x(index)}
            y={y}
            part={parts[axis.name] ?? WHOLE}
            onPart={(part) => setPart(axis.name, part)}
          />
        ))}
      </svg>
    </section>
  );
}

function AxisWithPart(props: {
  readonly axis: Axis;
  readonly x: number;
  readonly y: (place: number) => number;
  readonly part: Part;
  readonly onPart: (part: Part) => void;
}) {
  const { axis, x, y, part, onPart } = props;
  const [low, high] = part;
  const [from, setFrom] = useState<number>();
  const ground = useRef<SVGRectElement>(null);
  const placeOf = ({ clientY }: PointerEvent): number => {
    const { top, height } = (ground.current as SVGRectElement).getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (clientY - top) / height));
  };
  const title = axis.name.length > MOST_LETTERS + 2 ? `${axis.name.slice(0, MOST_LETTERS)}…` : axis.name;
  return (
    <g className="axis" transform={`translate(${x} 0)`}>
      <text className="axis-title" y={16} textAnchor="middle">
        {title}
        <title>{axis.name}</title>
      </text>
      <line y1={y(1)} y2={y(0)} />
      {axis.ticks.map(({ at, text }) => (
        <g key={at} transform={`translate(0 ${y(at)})`}>
          <line x1={-3} x2={3} />
          <text x={-10} dy="0.32em" textAnchor="end">
            {text.length > 9 ? `${text.slice(0, 8)}…` : text}
            {text.length > 9 && <title>{text}</title>}
          </text>
        </g>
      ))}
      <rect className="part" x={-6} width={12} y={y(high)} height={y(low) - y(high)} />
      <rect
        ref={ground}
        className="ground"
        x={-14}
        width={28}
        y={y(1)}
        height={y(0) - y(1)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(placeOf(event));
        }}
        onPointerMove={(event) => {
          if (from === undefined) return;
          const to = placeOf(event);
          if (Math.abs(to - from) >= CLICK) onPart([Math.min(from, to), Math.max(from, to)]);
        }}
        onPointerUp={(event) => {
          if (from !== undefined && Math.abs(placeOf(event) - from) < CLICK) onPart(WHOLE);
          setFrom(undefined);
        }}
      />
      <Handle
        name={`${axis.name}, from`}
        at={low}
        y={y(low)}
        least={0}
        most={high}
        onMove={(at) => onPart([at, high])}
      />
      <Handle name={`${axis.name}, to`} at={high} y={y(high)} least={low} most={1} onMove={(at) => onPart([low, at])} />
    </g>
  );
}

function Handle(props: {
  readonly name: string;
  readonly at: number;
  readonly y: number;
  readonly least: number;
  readonly most: number;
  readonly onMove: (at: number) => void;
}) {
  const { name, at, y, least, most, onMove } = props;
  const keys: Readonly<Record<string, number>> = {
    ArrowUp: at + KEY_STEP,
    ArrowRight: at + KEY_STEP,
    ArrowDown: at - KEY_STEP,
    ArrowLeft: at - KEY_STEP,
    PageUp: at + 4 * KEY_STEP,
    PageDown: at - 4 * KEY_STEP,
    Home: least,
    End: most,
  };
  return (
    <rect
      className="handle"
      x={-7}
      width={14}
      y={y - 3}
      height={6}
      rx={3}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * at)}
      onKeyDown={(event: KeyboardEvent) => {
        const next = keys[event.key];
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onMove(Number(Math.min(most, Math.max(least, next)).toFixed(4)));
      }}
    />
  );
}

/** A line over the axes; where a parameter does not count it is broken. */
function lineOf(
  places: readonly (number | null)[],
  x: (index: number) => number,
  y: (place: number) => number,
): string {
  return places
    .map((place, i) => {
      if (place === null) return "";
      const before = i === 0 ? null : places[i - 1];
      return `${before === null || before === undefined ? "M" : "L"}${x(i).toFixed(1)},${y(place).toFixed(1)}`;
    })
    .join("");
}

/** From pale for the worst to the accent for the best. */
function shade(good: number): string {
  return `color-mix(in oklab, var(--accent) ${Math.round(100 * good ** 2)}%, var(--line-strong))`;
}
