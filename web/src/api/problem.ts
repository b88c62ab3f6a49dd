import type { components } from "./schema";

/** An answer that is not the one hoped for (RFC 9457), as the API sends it. */
export type Problem = components["schemas"]["Problem"];

/** The API refused: `problem.code` says why in a stable word, `problem.detail` for a person. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** When it may be tried again, in milliseconds, where the answer said so. */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, retryAfterMs: number | null) {
    super(problem.detail);
    this.name = "ApiError";
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  get code(): Problem["code"] {
    return this.problem.code;
  }
}

/** The API could not be reached, or somebody between us and it answered in its place. */
export class UnreachableError extends Error {
  constructor(cause?: unknown) {
    super("the server cannot be reached", { cause });
    this.name = "UnreachableError";
  }
}

/** Whether the same request may succeed later without anything being changed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ApiError && (error.problem.status >= 500 || error.problem.status === 429 || error.code === "in_progress");
}

/** The problem that an answer carries; what is none of ours counts as not having reached the API. */
export function problemOf(body: unknown, response: Response): Error {
  const seconds = Number(response.headers.get("retry-after"));
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
  if (typeof body === "object" && body !== null && "code" in body && "status" in body) {
    return new ApiError(body as Problem, retryAfterMs);
  }
  return new UnreachableError(new Error(`status ${response.status}`));
}
