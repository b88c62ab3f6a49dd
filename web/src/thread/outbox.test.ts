import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Message } from "@/api/client";
import { ApiError, UnreachableError } from "@/api/problem";

import { Outbox, type Outgoing, type OutboxParts } from "./outbox";

/** Storage and locks as the tabs of one browser share them. */
class Browser {
  readonly #items = new Map<string, string>();
  readonly #held = new Map<string, Promise<unknown>>();
  readonly storage = {
    get length() {
      return 0;
    },
    key: (index: number) => [...this.#items.keys()][index] ?? null,
    getItem: (key: string) => this.#items.get(key) ?? null,
    setItem: (key: string, value: string) => void this.#items.set(key, value),
    removeItem: (key: string) => void this.#items.delete(key),
    clear: () => this.#items.clear(),
  };
  readonly locks = {
    request: (name: string, _options: unknown, act: () => Promise<unknown>) => {
      const turn = (this.#held.get(name) ?? Promise.resolve()).then(act);
      this.#held.set(name, turn.catch(() => undefined));
      return turn;
    },
  } as unknown as Pick<LockManager, "request">;

  constructor() {
    const items = this.#items;
    Object.defineProperty(this.storage, "length", { get: () => items.size });
  }

  tab(parts: Partial<OutboxParts> & Pick<OutboxParts, "post">): Outbox {
    return new Outbox("me", { storage: this.storage, locks: this.locks, stored: () => true, ...parts });
  }
}

const stored = (outgoing: Outgoing) => ({ client_id: outgoing.client_id, body: outgoing.body }) as Message;
const refusal = (status: number, detail: string, retryAfterMs: number | null = null) =>
  new ApiError({ status, detail, code: status === 429 ? "rate_limited" : "closed", title: "", type: "", request_id: "" }, retryAfterMs);
const write = (body: string, conversation = "c") => ({ conversation, body, kind: "reply" as const });
const states = (outbox: Outbox) => outbox.waiting.get().map(({ body, state }) => `${body}: ${state}`);
const settle = () => vi.advanceTimersByTimeAsync(0);

let browser: Browser;
beforeEach(() => {
  vi.useFakeTimers();
  browser = new Browser();
});
afterEach(() => vi.useRealTimers());

describe("the outbox", () => {
  it("sends in order, one after another", async () => {
    const sent: string[] = [];
    let under = 0;
    const outbox = browser.tab({
      post: async (outgoing) => {
        under += 1;
        expect(under).toBe(1);
        await Promise.resolve();
        sent.push(outgoing.body);
        under -= 1;
        return stored(outgoing);
      },
    });
    for (const body of ["one", "two", "three"]) outbox.add(write(body));
    await settle();
    expect(sent).toEqual(["one", "two", "three"]);
    expect(states(outbox)).toEqual(["one: sent", "two: sent", "three: sent"]);
    outbox.seen(outbox.waiting.get().map((entry) => entry.client_id));
    expect(states(outbox)).toEqual([]);
  });

  it("holds later ones back while the first cannot be sent, and goes on at once when hurried", async () => {
    let there = false;
    const sent: string[] = [];
    const outbox = browser.tab({
      post: (outgoing) => {
        if (!there) return Promise.reject(new UnreachableError());
        sent.push(outgoing.body);
        return Promise.resolve(stored(outgoing));
      },
    });
    outbox.add(write("one"));
    outbox.add(write("two"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states(outbox)).toEqual(["one: queued", "two: queued"]);
    there = true;
    outbox.hurry();
    await settle();
    expect(sent).toEqual(["one", "two"]);
  });

  it("waits as long as it is told to", async () => {
    const post = vi.fn<OutboxParts["post"]>().mockRejectedValueOnce(refusal(429, "too many", 7_000)).mockImplementation((o) => Promise.resolve(stored(o)));
    browser.tab({ post }).add(write("one"));
    await vi.advanceTimersByTimeAsync(6_900);
    expect(post).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(post).toHaveBeenCalledTimes(2);
  });

  it("asks again when the server has taken it but not stored it", async () => {
    const post = vi.fn<OutboxParts["post"]>().mockResolvedValueOnce(null).mockImplementation((o) => Promise.resolve(stored(o)));
    const outbox = browser.tab({ post });
    outbox.add(write("one"));
    await vi.advanceTimersByTimeAsync(1_100);
    expect(post.mock.calls.map(([outgoing]) => outgoing.client_id)).toEqual(Array(2).fill(outbox.waiting.get()[0]?.client_id));
    expect(states(outbox)).toEqual(["one: sent"]);
  });

  it("keeps what was refused with the reason, sends the next, and sends it again when asked to", async () => {
    const post = vi.fn<OutboxParts["post"]>().mockRejectedValueOnce(refusal(409, "the ticket is closed")).mockImplementation((o) => Promise.resolve(stored(o)));
    const outbox = browser.tab({ post });
    outbox.add(write("one"));
    outbox.add(write("two"));
    await settle();
    expect(states(outbox)).toEqual(["one: failed", "two: sent"]);
    const failed = outbox.waiting.get()[0];
    expect(failed?.refusal).toEqual({ code: "closed", detail: "the ticket is closed" });
    outbox.retry(failed?.client_id ?? "");
    await settle();
    expect(states(outbox)).toEqual(["one: sent", "two: sent"]);
  });

  it("survives a reload: what was not sent is sent by the next visit", async () => {
    const before = browser.tab({ post: () => new Promise(() => undefined) });
    before.add(write("one"));
    await settle();
    expect(states(before)).toEqual(["one: sending"]);
    before.close();
    const after = new Browser().locks;
    const outbox = browser.tab({ post: (outgoing) => Promise.resolve(stored(outgoing)), locks: after });
    await settle();
    expect(states(outbox)).toEqual(["one: sent"]);
  });

  it("is shared by tabs: one sends, the other takes over when that one is closed", async () => {
    const first = browser.tab({ post: () => Promise.reject(new UnreachableError()) });
    const post = vi.fn<OutboxParts["post"]>((outgoing) => Promise.resolve(stored(outgoing)));
    const second = browser.tab({ post });
    first.add(write("one"));
    await settle();
    second.changedElsewhere(null);
    await settle();
    expect(post).not.toHaveBeenCalled();
    first.close();
    await settle();
    expect(post).toHaveBeenCalledTimes(1);
    expect(states(second)).toEqual(["one: sent"]);
  });

  it("does not keep what nobody shows", async () => {
    const outbox = browser.tab({ post: (outgoing) => Promise.resolve(stored(outgoing)), stored: () => false });
    outbox.add(write("one"));
    await settle();
    expect(states(outbox)).toEqual([]);
  });

  it("stops when nobody is signed in any more, and keeps what waits", async () => {
    const post = vi.fn<OutboxParts["post"]>().mockRejectedValue(refusal(401, "sign in"));
    const outbox = browser.tab({ post });
    outbox.add(write("one"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(post).toHaveBeenCalledTimes(1);
    expect(states(outbox)).toEqual(["one: queued"]);
  });
});
