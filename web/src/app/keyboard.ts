/** Keys that do something wherever one is: registered by whoever shows what they act on, listed by the help. */
import { useEffect, useRef } from "react";

import { createStore } from "@/api/store";

/** What keys do while their screen is shown. */
export interface Binding {
  /**
   * A key (`r`, `?`, `\`), two one after another (`g i`) or with others held (`Shift+e`, `Alt+ArrowUp`, `Mod+k`, where
   * `Mod` is Ctrl, or Cmd on a Mac).
   */
  keys: string;
  /** What it does, for the help; bindings of the same label are one line there. */
  label: string;
  act: () => void;
}

const KEY = "baton:keys";
/** How long the second key of two may take. */
const SEQUENCE_MS = 1_200;
const IS_MAC = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

/** Whether keys without a modifier do anything (WCAG 2.1.4). */
export const keysOn = createStore(typeof localStorage === "undefined" || localStorage.getItem(KEY) !== "off");

/** All that keys do now, the newest last. */
export const bindings = createStore<readonly Binding[]>([]);

/** Whether the help is shown. */
export const helpOpen = createStore(false);

export function setKeysOn(on: boolean): void {
  localStorage.setItem(KEY, on ? "on" : "off");
  keysOn.set(on);
}

/** Lets keys act for as long as the component is shown. */
export function useKeys(wanted: readonly Binding[]): void {
  const latest = useRef(wanted);
  useEffect(() => {
    latest.current = wanted;
  });
  const shape = wanted.map(({ keys, label }) => `${keys}\n${label}`).join("\n\n");
  useEffect(() => {
    const mine = latest.current.map(({ keys, label }, index) => ({ keys, label, act: () => latest.current[index]?.act() }));
    bindings.set([...bindings.get(), ...mine]);
    return () => bindings.set(bindings.get().filter((one) => !mine.includes(one)));
  }, [shape]);
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState">;

/** A key event as a binding names it. */
export function named(event: Pressed, mac = IS_MAC): string {
  const letter = /^[a-z]$/i.test(event.key);
  const sign = !letter && event.key.length === 1;
  const key = letter ? event.key.toLowerCase() : event.key;
  // What it takes to write `?`, or `[` on many keyboards, is a part of the sign and not held beside it.
  const writes = sign && (event.getModifierState("AltGraph") || (mac && event.altKey));
  const mod = mac ? event.metaKey : event.ctrlKey && !writes;
  // Cmd and Ctrl of the other system, or the Windows key: what they do is not ours.
  const foreign = mac ? event.ctrlKey : event.metaKey;
  const alt = event.altKey && !writes;
  const shift = event.shiftKey && !sign;
  return [foreign && "Foreign", mod && "Mod", alt && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

/** The binding that `pressed` completes, given the key before it; the newest wins. */
export function find(all: readonly Binding[], before: string | null, pressed: string): Binding | undefined {
  const newest = all.toReversed();
  const sequence = before === null ? undefined : newest.find(({ keys }) => keys === `${before} ${pressed}`);
  return sequence ?? newest.find(({ keys }) => keys === pressed);
}

/** Whether a key would be written instead. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Listens for the whole page. */
export function startKeyboard(): void {
  let before: { key: string; at: number } | null = null;
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    const pressed = named(event);
    const held = /^(Foreign|Mod|Alt)\+/.test(pressed);
    if (!held && (isTyping(event.target) || !keysOn.get())) return;
    // What is open over the page has keys of its own.
    if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"], dialog[open]')) return;
    const first = before !== null && event.timeStamp - before.at < SEQUENCE_MS ? before.key : null;
    const found = find(bindings.get(), first, pressed);
    before = found === undefined ? { key: pressed, at: event.timeStamp } : null;
    if (found === undefined) return;
    event.preventDefault();
    found.act();
  });
}

/** Keys as people read them: `Ctrl+K`, `G I`. */
export function shown(keys: string): string {
  const names: Record<string, string> = { Mod: IS_MAC ? "⌘" : "Ctrl", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
  const one = (key: string) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return keys
    .split(" ")
    .map((stroke) => (stroke === "+" ? stroke : stroke.split("+").map(one).join("+")))
    .join(" ");
}
