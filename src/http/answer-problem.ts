import type { Context } from "hono";
import type { Problem } from "./problem.js";

/** The answer that tells a client of `problem`. */
export function answerProblem(c: Context, problem: Problem): Response {
  if (problem.retryAfter !== undefined) c.header("retry-after", String(problem.retryAfter));
  if (problem.status === 401) c.header("www-authenticate", "Bearer");
  return c.json({ error: problem.message }, problem.status);
}
