import { MultiBar, type SingleBar } from "cli-progress";
import wrapAnsi from "wrap-ansi";
import { printable } from "../base/printable.js";
import type { OutputStream, Terminal } from "./terminal.js";

/** Where a piece of work stands. */
export interface Progress {
  /** Steps done, from 0 to `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Examples done since the work began. */
  readonly examples: number;
  /** What is being done, as in "epoch 1/3". */
  readonly stage?: string;
  readonly loss?: number;
  /** What is counted where it is not steps, as in "rows"; of "MB" the speed is told, too. */
  readonly unit?: string;
  /** Seconds of other work that will follow, as far as they are known. */
  readonly secondsAfter?: number;
}

/** Shows how a piece of work gets on. */
export interface ProgressReporter {
  update(progress: Progress): void;
  /** A line that stays, above the bar. */
  note(line: string): void;
  /** Takes the bar away. To be called at the end, whatever happened. */
  stop(): void;
}

/** Milliseconds between lines where there is no terminal to draw a bar on. */
const LINE_INTERVAL = 5000;
/** Speed is that of the last so many milliseconds. */
const SPEED_WINDOW = 15_000;

/**
 * A bar on a terminal, a line every few seconds elsewhere, nothing with `quiet`.
 *
 * @param unit what is counted, as in "examples"
 */
export function createProgressReporter(terminal: Terminal, quiet: boolean, unit = "examples"): ProgressReporter {
  if (quiet) return { update: () => {}, note: () => {}, stop: () => {} };
  return terminal.stderr.isTTY === true && terminal.environment.TERM !== "dumb"
    ? barReporter(terminal, unit)
    : lineReporter(terminal, unit);
}

function barReporter(terminal: Terminal, unit: string): ProgressReporter {
  const { stderr } = terminal;
  const speed = createSpeedometer(terminal);
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  return {
    update(progress) {
      const payload = { facts: facts(progress, speed(progress), unit) };
      if (bar === undefined) {
        bars = new MultiBar({
          stream: stderr as NodeJS.WritableStream,
          format: "{bar} {facts}",
          barsize: barSize(stderr),
          barCompleteChar: "█",
          barIncompleteChar: "░",
          hideCursor: true,
          clearOnComplete: true,
          // Ctrl-C is the command's matter.
          gracefulExit: false,
          fps: 10,
        });
        bar = bars.create(progress.steps, progress.step, payload);
      } else {
        bar.setTotal(progress.steps);
        bar.update(progress.step, payload);
      }
    },
    note(said) {
      const line = printable(said);
      if (bars === undefined) {
        stderr.write(`${line}\n`);
        return;
      }
      // cli-progress cuts what is longer than the terminal is wide, and forgets what it has not yet drawn.
      for (const part of wrapped(line, stderr.columns || 80)) bars.log(`${part}\n`);
      bars.update();
    },
    stop() {
      bars?.stop();
      bars = undefined;
      bar = undefined;
    },
  };
}

function lineReporter(terminal: Terminal, unit: string): ProgressReporter {
  const { stderr } = terminal;
  const speed = createSpeedometer(terminal);
  let next = terminal.now() + LINE_INTERVAL;
  return {
    update(progress) {
      const pace = speed(progress);
      const now = terminal.now();
      if (now < next) return;
      next = now + LINE_INTERVAL;
      stderr.write(`${facts(progress, pace, unit)}\n`);
    },
    note: (line) => void stderr.write(`${printable(line)}\n`),
    stop: () => {},
  };
}

/** Speed over the last seconds. */
interface Pace {
  /** Undefined before the second look. */
  readonly examplesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

function createSpeedometer(terminal: Terminal): (progress: Progress) => Pace {
  const seen: { readonly at: number; readonly step: number; readonly examples: number }[] = [];
  let lastUnit: string | undefined;
  return ({ step, steps, examples, unit }) => {
    const at = terminal.now();
    // Other work has begun, at a pace of its own.
    if (step < (seen.at(-1)?.step ?? 0) || unit !== lastUnit) seen.length = 0;
    lastUnit = unit;
    // Before the first step stands what is not part of the pace: reading, building, compiling.
    seen.push({ at, step, examples });
    while (seen.length > 2 && at - seen[0].at > SPEED_WINDOW) seen.shift();
    const [first] = seen;
    const seconds = (at - first.at) / 1000;
    if (seconds <= 0 || step <= first.step) return { examplesPerSecond: undefined, secondsLeft: undefined };
    return {
      examplesPerSecond: (examples - first.examples) / seconds,
      secondsLeft: ((steps - step) * seconds) / (step - first.step),
    };
  };
}

function facts(
  { step, steps, stage, loss, unit: counted, secondsAfter = 0 }: Progress,
  pace: Pace,
  unit: string,
): string {
  return [
    ...(stage === undefined ? [] : [stage]),
    counted === undefined ? `step ${step}/${steps}` : counted === "%" ? `${step} %` : `${step}/${steps} ${counted}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(4)}`]),
    ...(pace.examplesPerSecond === undefined
      ? []
      : [`${formatRate(pace.examplesPerSecond)} ${counted === "MB" ? counted : unit}/s`]),
    ...(pace.secondsLeft === undefined ? [] : [`${formatDuration(pace.secondsLeft + secondsAfter)} left`]),
  ].join("  ");
}

/** `line` in parts of at most `width` columns, broken between words where there are any. */
export function wrapped(line: string, width: number): string[] {
  return width >= 1 ? wrapAnsi(line, width, { hard: true }).split("\n") : [line];
}

function barSize(stream: OutputStream): number {
  return Math.max(8, Math.min(32, (stream.columns || 80) - 70));
}

function formatRate(rate: number): string {
  return rate >= 100 ? rate.toFixed(0) : rate.toPrecision(rate >= 10 ? 3 : 2);
}

/** `seconds` as 0:07, 12:05 or 1:02:33. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
