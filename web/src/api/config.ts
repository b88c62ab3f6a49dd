/** What the server that serves these pages says of the installation (`/config.json`). */
export interface Config {
  /** The organisation's short name, when there is only one: the sign-in then does not ask for it. */
  organization: string | null;
}

let config: Config = { organization: null };

/** Reads the settings once, before the first screen; without them the sign-in asks for more. */
export async function loadConfig(): Promise<Config> {
  try {
    const answer = await fetch("/config.json");
    if (answer.ok) config = { ...config, ...((await answer.json()) as Partial<Config>) };
  } catch {
    // The page is here, its server is not: the sign-in will say so when it is used.
  }
  return config;
}

export function settings(): Config {
  return config;
}
