import { describe, expect, it } from "vitest";

import { find, named, shown, type Binding } from "./keyboard";

type Held = Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "graph", boolean>>;

const press = (key: string, { graph = false, ...held }: Held = {}, mac = false) =>
  named({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, getModifierState: () => graph, ...held }, mac);

describe("a key's name", () => {
  it.each([
    ["r", press("r")],
    ["Shift+e", press("E", { shiftKey: true })],
    ["?", press("?", { shiftKey: true })],
    ["Alt+ArrowUp", press("ArrowUp", { altKey: true })],
    ["Mod+k", press("k", { ctrlKey: true })],
    ["Mod+Enter", press("Enter", { ctrlKey: true })],
    ["Mod+k", press("k", { metaKey: true }, true)],
    ["Foreign+r", press("r", { metaKey: true })],
    ["[", press("[", { ctrlKey: true, altKey: true, graph: true })],
    ["[", press("[", { altKey: true }, true)],
  ])("%s", (expected, actual) => expect(actual).toBe(expected));
});

describe("the binding of a key", () => {
  const bound = (keys: string): Binding => ({ keys, label: keys, act: () => undefined });
  const all = [bound("i"), bound("g i"), bound("j"), { ...bound("j"), label: "newer" }];

  it("is the newest one", () => expect(find(all, null, "j")?.label).toBe("newer"));
  it("is the sequence before the single key", () => expect(find(all, "g", "i")?.keys).toBe("g i"));
  it("is the single key after another one", () => expect(find(all, "x", "i")?.keys).toBe("i"));
  it("is none for an unknown key", () => expect(find(all, "g", "z")).toBeUndefined());
});

it("shows keys as people read them", () => {
  expect(["g i", "Alt+ArrowUp", "\\", "Shift+e"].map(shown)).toEqual(["G I", "Alt+↑", "\\", "Shift+E"]);
});
