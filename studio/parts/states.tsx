/** What stands where there is nothing to show: it comes, it failed, there is none. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Refusal } from "../asking.js";

export function Loading({ height }: { readonly height?: number }) {
  return (
    <p className="state" role="status" style={{ minHeight: height }}>
      Loading …
    </p>
  );
}

/** What went wrong, in the server's words. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  return (
    <div className="state failure" role="alert">
      <p>{error.message}</p>
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** There is nothing, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="state empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** An answer, once it is there. */
export function Answer<T>(props: {
  readonly of: UseQueryResult<T, Refusal>;
  /** Pixels that it takes, so that nothing moves when it comes. */
  readonly height?: number;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.of;
  if (data !== undefined) return props.children(data);
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  return <Loading {...(props.height === undefined ? {} : { height: props.height })} />;
}
