/** Browsers as people use them: one process, a context for each person, and nothing that went wrong unseen. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { stack, web } from "./stack.mjs";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const EXECUTABLE = process.env.BATON_CHROMIUM ?? "/usr/bin/chromium";
/** How long anything on a screen may take; only a test that fails waits for it to pass. */
export const PATIENCE = 15_000;
/** Where pictures of failures go. */
const PICTURES = process.env.BATON_PICTURES ?? join(tmpdir(), "baton-e2e");

let browser;

export async function launch() {
  browser ??= await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  return browser;
}

/**
 * Runs `scenario` with a hand that seats people before screens. Afterwards every screen is closed; an error in a
 * console, a script that failed or a policy that was violated fails the test, as do pictures of what was on the screens.
 */
export async function screens(name, scenario) {
  const hall = new Hall();
  try {
    await scenario(hall);
    hall.assertClean();
  } catch (error) {
    const pictures = await hall.picture(name).catch(() => []);
    error.message += `\n${hall.log()}\npictures: ${pictures.join(" ")}`;
    throw error;
  } finally {
    await hall.close();
  }
}

class Hall {
  #contexts = [];
  #complaints = [];
  #excuses = [];

  /** A fresh browser profile in which nobody is signed in. */
  async context(options = {}) {
    const opened = await (await launch()).newContext({
      baseURL: web(),
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      colorScheme: "light",
      reducedMotion: "reduce",
      ...options,
    });
    opened.setDefaultTimeout(PATIENCE);
    opened.on("page", (page) => this.#watch(page));
    this.#contexts.push(opened);
    return opened;
  }

  /** A profile in which `who` is signed in already. */
  async profile(who, options = {}) {
    const context = await this.context({
      ...options,
      storageState: { cookies: [], origins: [{ origin: web(), localStorage: [{ name: "baton:signed-in", value: "1" }] }] },
    });
    const answer = await context.request.post("/v1/auth/login", {
      data: { organization: stack().organization, email: who.email, password: who.password, transport: "cookie" },
    });
    if (!answer.ok()) throw new Error(`${who.email} cannot sign in: ${answer.status()} ${await answer.text()}`);
    return context;
  }

  /** `who`, signed in, before `path`. */
  async seat(who, path, options = {}) {
    const page = await (await this.profile(who, options)).newPage();
    await page.goto(path);
    return page;
  }

  /** Expected complaints, such as those of a browser that is told to lose its server. */
  excuse(...patterns) {
    this.#excuses.push(...patterns);
  }

  #watch(page) {
    const complain = (text) => this.#complaints.push(`${new URL(page.url(), web()).pathname}: ${text}`);
    page.on("console", (message) => {
      if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) complain(message.text());
    });
    page.on("pageerror", (error) => complain(String(error.stack ?? error)));
  }

  log() {
    return this.#complaints.length === 0 ? "" : `consoles said:\n  ${this.#complaints.join("\n  ")}`;
  }

  assertClean() {
    const left = this.#complaints.filter((text) => !this.#excuses.some((pattern) => pattern.test(text)));
    if (left.length > 0) throw new Error("a console complained");
  }

  async picture(name) {
    mkdirSync(PICTURES, { recursive: true });
    const files = [];
    for (const page of this.#contexts.flatMap((context) => context.pages())) {
      const file = join(PICTURES, `${name.replace(/\W+/g, "-")}-${files.length}.png`);
      writeFileSync(file, await page.screenshot({ timeout: 5_000 }));
      files.push(file);
    }
    return files;
  }

  async close() {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }
}

/** A browser of one's own whose profile is in `folder`, and the port at which other tools can reach it. */
export async function persistent(folder) {
  const port = await freePort();
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: EXECUTABLE,
    args: [...ARGUMENTS, `--remote-debugging-port=${port}`],
    viewport: { width: 1350, height: 940 },
    locale: "en-GB",
  });
  return { context, port };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Ends the browser, so that the test process can. */
export async function shut() {
  await browser?.close();
  browser = undefined;
}
