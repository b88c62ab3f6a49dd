import { createStore } from "./store";

/** Whether the API answered when it was last asked. */
export type Health = "up" | "down";

export const health = createStore<Health>("up");

/** Takes note of an answer: what a proxy says in the API's place means that it is down. */
export function noteAnswer(status: number): void {
  health.set(status === 502 || status === 503 || status === 504 ? "down" : "up");
}
