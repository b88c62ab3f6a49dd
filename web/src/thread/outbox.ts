/**
 * Messages that wait to be stored: kept in the browser until they are, sent in order, each once.
 *
 * Every message has its own place in storage, so that tabs do not overwrite each other's. Whichever tab holds the
 * conversation's lock sends; the server stores a `client_id` once, whatever happens on the way.
 */
import type { Message, Schemas, Status } from "@/api/client";
import { ApiError, isPassing } from "@/api/problem";
import { createStore } from "@/api/store";

/** What one wrote and wants sent. */
export interface NewOutgoing {
  conversation: string;
  body: string;
  kind: Schemas["MessageKind"];
  /** What is to become of the ticket in the same step. */
  then?: { status: Status };
}

export interface Outgoing extends NewOutgoing {
  client_id: string;
  /** When it was written; also the order in which they are sent. */
  at: number;
  /** `sent`: stored, and about to give way to the message itself. */
  state: "queued" | "sending" | "sent" | "failed";
  /** Why it was refused: the problem's code, and the server's words for who does not know the code. */
  refusal?: { code: string; detail: string };
  message?: Message;
}

export interface OutboxParts {
  /** Has it stored; `null` when the server took it but has not stored it yet. */
  post: (outgoing: Outgoing) => Promise<Message | null>;
  /** Puts the stored message where it is shown; `false` when that is nowhere. */
  stored: (message: Message) => boolean;
  storage?: Storage;
  locks?: Pick<LockManager, "request">;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

export class Outbox {
  readonly waiting = createStore<readonly Outgoing[]>([]);
  readonly #name: string;
  readonly #parts: Required<OutboxParts>;
  readonly #stop = new AbortController();
  readonly #running = new Set<string>();
  readonly #pauses = new Set<() => void>();

  constructor(user: string, { storage = localStorage, locks = navigator.locks, ...parts }: OutboxParts) {
    this.#name = `baton:outbox:${user}:`;
    this.#parts = { storage, locks, ...parts };
    // What was sent before is fetched with its thread.
    for (const { client_id, state } of this.#read()) if (state === "sent") this.#remove(client_id);
    this.#show();
    this.#runAll();
  }

  add(wanted: NewOutgoing): void {
    const last = this.#read().at(-1)?.at ?? 0;
    this.#write({ ...wanted, client_id: crypto.randomUUID(), at: Math.max(Date.now(), last + 1), state: "queued" });
    void this.#run(wanted.conversation);
  }

  /** Sends one again that was refused. */
  retry(clientId: string): void {
    const entry = this.#get(clientId);
    if (entry?.state !== "failed") return;
    const { refusal: _, ...rest } = entry;
    this.#write({ ...rest, state: "queued" });
    void this.#run(entry.conversation);
  }

  discard(clientId: string): void {
    this.#remove(clientId);
    this.#show();
  }

  /** Takes note that these are shown as messages now. */
  seen(clientIds: readonly string[]): void {
    for (const id of clientIds) if (this.#get(id)?.state === "sent") this.#remove(id);
    this.#show();
  }

  /** Tries at once: there is reason to believe that it will work now. */
  hurry(): void {
    for (const wake of [...this.#pauses]) wake();
  }

  /** Another tab changed what is stored under `key`. */
  changedElsewhere(key: string | null): void {
    if (key !== null && !key.startsWith(this.#name)) return;
    const entry = key === null ? undefined : this.#get(key.slice(this.#name.length));
    if (entry?.message !== undefined) this.#parts.stored(entry.message);
    this.#show();
    // Behind the tab that sends them, in case it goes.
    this.#runAll();
  }

  close(): void {
    this.#stop.abort();
    this.hurry();
  }

  #runAll(): void {
    for (const conversation of new Set(this.#read().map((entry) => entry.conversation))) void this.#run(conversation);
  }

  async #run(conversation: string): Promise<void> {
    if (this.#running.has(conversation)) return;
    this.#running.add(conversation);
    try {
      while (this.#next(conversation) !== undefined && !this.#stop.signal.aborted) {
        const lock = this.#name + conversation;
        await this.#parts.locks.request(lock, { signal: this.#stop.signal }, () => this.#drain(conversation));
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.#running.delete(conversation);
    }
  }

  async #drain(conversation: string): Promise<void> {
    let failures = 0;
    for (;;) {
      const entry = this.#next(conversation);
      if (entry === undefined || this.#stop.signal.aborted) return;
      const pause = await this.#send(entry, failures);
      failures = pause === 0 ? 0 : failures + 1;
      if (pause > 0) await this.#pause(pause);
    }
  }

  /** Sends one; how long to wait before the same is tried again, 0 when it is done with. */
  async #send(entry: Outgoing, failures: number): Promise<number> {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    this.#write({ ...entry, state: "sending" });
    try {
      const message = await this.#parts.post(entry);
      if (message === null) {
        this.#write({ ...entry, state: "queued" });
        return pause;
      }
      if (this.#parts.stored(message)) this.#write({ ...entry, state: "sent", message });
      else this.discard(entry.client_id);
      return 0;
    } catch (error) {
      const signedOut = error instanceof ApiError && error.problem.status === 401;
      if (signedOut) this.close();
      if (signedOut || isPassing(error)) {
        this.#write({ ...entry, state: "queued" });
        return (error instanceof ApiError ? error.retryAfterMs : null) ?? pause;
      }
      const code = error instanceof ApiError ? error.code : "";
      this.#write({ ...entry, state: "failed", refusal: { code, detail: error instanceof Error ? error.message : String(error) } });
      return 0;
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#pauses.add(wake);
    });
  }

  /** The next to be sent. One that was being sent by a tab that is gone is sent again. */
  #next(conversation: string): Outgoing | undefined {
    const ours = this.#read().filter((entry) => entry.conversation === conversation);
    return ours.find(({ state }) => state === "queued" || state === "sending");
  }

  #get(clientId: string): Outgoing | undefined {
    const text = this.#parts.storage.getItem(this.#name + clientId);
    return text === null ? undefined : (JSON.parse(text) as Outgoing);
  }

  #read(): Outgoing[] {
    const { storage } = this.#parts;
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    const ids = names.filter((name) => name.startsWith(this.#name)).map((name) => name.slice(this.#name.length));
    return ids.flatMap((id) => this.#get(id) ?? []).sort((a, b) => a.at - b.at);
  }

  #write(entry: Outgoing): void {
    this.#parts.storage.setItem(this.#name + entry.client_id, JSON.stringify(entry));
    this.#show();
  }

  #remove(clientId: string): void {
    this.#parts.storage.removeItem(this.#name + clientId);
  }

  #show(): void {
    this.waiting.set(this.#read());
  }
}
