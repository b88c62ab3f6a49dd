import { createStore } from "@/api/store";

/** What the user chose; `system` follows the device. */
export type Theme = "light" | "dark" | "system";

const KEY = "baton:theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  const text = localStorage.getItem(KEY);
  return text === "light" || text === "dark" ? text : "system";
}

export const theme = createStore<Theme>(stored());

function show(): void {
  const chosen = theme.get();
  const shown = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset["theme"] = shown;
}

/** Shows the chosen theme, now and whenever choice or device change. */
export function startTheme(): void {
  show();
  theme.subscribe(() => {
    localStorage.setItem(KEY, theme.get());
    show();
  });
  dark.addEventListener("change", show);
  // Another tab chose.
  addEventListener("storage", (event) => {
    if (event.key === KEY) theme.set(stored());
  });
}
