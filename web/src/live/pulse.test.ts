import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { createStore } from "@/api/store";

import type { LiveStatus } from "./connection";
import { PATIENCE_MS, PulseWatch } from "./pulse";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(ask: () => Promise<unknown> = () => Promise.resolve()) {
  const status = createStore<LiveStatus>({ state: "connecting", since: 0 });
  const asked = vi.fn(ask);
  const watch = new PulseWatch(status, asked);
  const is = (state: LiveStatus["state"]) => status.set({ state, since: Date.now() });
  const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { watch, asked, is, after };
}

it("is calm while pulses come, and says so within 15 s when they stop", async () => {
  const { watch, asked, is, after } = setUp();
  is("live");
  for (let beat = 0; beat < 5; beat += 1) {
    watch.heard(Date.now());
    await after(10_500);
    expect(watch.silent.get()).toBe(false);
  }
  expect(asked).not.toHaveBeenCalled();
  await after(15_000 - 10_500);
  expect(asked).toHaveBeenCalledOnce();
  expect(watch.silent.get()).toBe(true);
});

it("is calm again with the next pulse, and goes on asking until then", async () => {
  const { watch, asked, is, after } = setUp();
  is("live");
  watch.heard(Date.now());
  await after(PATIENCE_MS + 30_000);
  expect(watch.silent.get()).toBe(true);
  expect(asked).toHaveBeenCalledTimes(4);
  watch.heard(Date.now());
  expect(watch.silent.get()).toBe(false);
  await after(PATIENCE_MS - 1);
  expect(asked).toHaveBeenCalledTimes(4);
});

it("expects nothing of a gateway that never pulsed and did not say that it does", async () => {
  const { watch, asked, is, after } = setUp();
  watch.heard(null);
  is("live");
  await after(600_000);
  expect(watch.silent.get()).toBe(false);
  expect(asked).not.toHaveBeenCalled();
});

it("expects the first pulse of one that said so, from when it is connected", async () => {
  const { watch, is, after } = setUp();
  watch.heard(Date.now());
  is("replaying");
  is("live");
  await after(PATIENCE_MS - 1);
  expect(watch.silent.get()).toBe(false);
  await after(1);
  expect(watch.silent.get()).toBe(true);
});

it("leaves it to the connection to say that it is lost", async () => {
  const { watch, is, after } = setUp();
  is("live");
  watch.heard(Date.now());
  await after(PATIENCE_MS);
  expect(watch.silent.get()).toBe(true);
  is("connecting");
  expect(watch.silent.get()).toBe(false);
  await after(60_000);
  expect(watch.silent.get()).toBe(false);
});

it("knows at once in a tab that opens while none comes", async () => {
  const { watch, is, after } = setUp();
  is("live");
  watch.heard(Date.now() - 40_000);
  await after(0);
  expect(watch.silent.get()).toBe(true);
});

it("forgets its doubt when a pulse comes before the API's answer", async () => {
  let answer: () => void = () => undefined;
  const { watch, is, after } = setUp(() => new Promise<void>((resolve) => (answer = resolve)));
  is("live");
  watch.heard(Date.now());
  await after(PATIENCE_MS);
  watch.heard(Date.now());
  answer();
  await after(0);
  expect(watch.silent.get()).toBe(false);
});

it("is over when it is stopped", async () => {
  const { watch, asked, is, after } = setUp();
  is("live");
  watch.heard(Date.now());
  watch.stop();
  await after(60_000);
  expect(asked).not.toHaveBeenCalled();
});
