/**
 * Whether events get through. About every 10 s the gateway passes on a pulse that went the way of every event: through
 * database, sequencer and stream. Each tab watches for itself: the one with the socket may be in the background.
 */
import { createStore, type Store } from "@/api/store";

import type { LiveStatus } from "./connection";

/** Longer without a pulse, and something on its way is broken. */
export const PATIENCE_MS = 13_000;
/** While none comes, what else may be broken is asked for this often. */
const AGAIN_MS = 10_000;

export class PulseWatch {
  /** Whether a pulse is overdue though the gateway and the API are there. */
  readonly silent = createStore(false);

  readonly #status: Store<LiveStatus>;
  readonly #ask: () => Promise<unknown>;
  readonly #unsubscribe: () => void;
  #heardAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ask` asks the API whether it is there, and takes note of how that went. */
  constructor(status: Store<LiveStatus>, ask: () => Promise<unknown>) {
    this.#status = status;
    this.#ask = ask;
    this.#unsubscribe = status.subscribe(() => this.#plan());
  }

  /** When events were last known to get through; `null` while no pulse is expected. */
  get heardAt(): number | null {
    return this.#heardAt;
  }

  /** Events got through at that time; `null`: of this gateway no pulse is expected until the first one. */
  heard(at: number | null): void {
    this.#heardAt = at;
    this.#plan();
  }

  stop(): void {
    this.#unsubscribe();
    this.#cancel();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #plan(): void {
    this.#cancel();
    const live = this.#status.get().state === "live";
    const left = live && this.#heardAt !== null ? this.#heardAt + PATIENCE_MS - Date.now() : Infinity;
    if (left > 0) this.silent.set(false);
    if (left < Infinity) this.#timer = setTimeout(() => void this.#doubt(), Math.max(left, 0));
  }

  async #doubt(): Promise<void> {
    const doubted = this.#timer;
    await this.#ask();
    // Meanwhile something was heard, or the connection was lost, which says more.
    if (this.#timer !== doubted) return;
    this.silent.set(true);
    this.#timer = setTimeout(() => void this.#doubt(), AGAIN_MS);
  }
}
