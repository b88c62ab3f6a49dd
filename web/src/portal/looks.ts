/** How the portal's buttons look; lighter than the agent app's, which bring tips and keys. */
const BUTTON =
  "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-3 font-medium whitespace-nowrap disabled:cursor-not-allowed disabled:opacity-60";

export const primary = `${BUTTON} bg-accent text-on-accent hover:bg-accent-strong`;
export const plain = `${BUTTON} border border-edge bg-card text-ink hover:bg-hover`;
export const quiet = `${BUTTON} text-ink hover:bg-hover`;
export const link = "rounded font-medium text-accent underline underline-offset-2 hover:text-accent-strong";
