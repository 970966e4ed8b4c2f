/** What a run printed: the last lines, and those before. */
import { useEffect, useRef, useState } from "react";
import type { ConsoleLines } from "../../src/studio/wire/logged.js";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { duration } from "../parts/numbers.js";
import { Answer, Empty } from "../parts/states.js";
import { runPath } from "../runs/run-address.js";

const STEP = 500;
const MOST = 2000;

export function ConsoleTab({ run }: { readonly run: RunDetails }) {
  const [count, setCount] = useState(STEP);
  const console = useApi<ConsoleLines>(`${runPath(run.id)}/console`, {
    offset: -count,
    limit: count,
  });
  const place = useRef<HTMLOListElement>(null);
  const isSeen = useRef(false);
  const last = console.data?.lines.at(-1)?.line;
  useEffect(() => {
    const list = place.current;
    if (list === null || last === undefined) return;
    // Who has scrolled up reads on where he is.
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
    if (!isSeen.current || isAtEnd) list.scrollTop = list.scrollHeight;
    isSeen.current = true;
  }, [last]);
  return (
    <Answer of={console}>
      {({ lines }) =>
        lines.length === 0 ? (
          <Empty title="It printed nothing">
            <p>Lines of the console are recorded while a run is open.</p>
          </Empty>
        ) : (
          <>
            {lines[0].line > 0 && count < MOST && (
              <p>
                <button type="button" onClick={() => setCount(Math.min(MOST, count + STEP))}>
                  Show {Math.min(STEP, lines[0].line)} lines before
                </button>
              </p>
            )}
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
            <ol className="console" ref={place} tabIndex={0} aria-label="Console">
              {lines.map(({ line, time, stream, text }) => (
                <li key={line} className={stream}>
                  <time>{duration(time / 1000)}</time>
                  <span>{text}</span>
                </li>
              ))}
            </ol>
          </>
        )
      }
    </Answer>
  );
}
