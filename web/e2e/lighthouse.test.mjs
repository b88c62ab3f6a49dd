/** Lighthouse on the main pages: accessibility 100, best practices at least 95. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import lighthouse from "lighthouse";

import { persistent } from "./harness/browser.mjs";
import { person, stack, team, web } from "./harness/stack.mjs";

const LIMITS = { accessibility: 100, "best-practices": 95 };

async function audit(path, port) {
  const { lhr } = await lighthouse(web() + path, {
    port,
    onlyCategories: Object.keys(LIMITS),
    disableStorageReset: true,
    formFactor: "desktop",
    screenEmulation: { disabled: true },
    throttlingMethod: "provided",
    logLevel: "error",
  });
  assert.equal(lhr.runtimeError, undefined);
  for (const [category, least] of Object.entries(LIMITS)) {
    const { score, auditRefs } = lhr.categories[category];
    const failing = auditRefs.map((ref) => lhr.audits[ref.id]).filter((one) => one.score !== null && one.score < 1);
    console.log(`${path} ${category}: ${Math.round(score * 100)}`);
    const why = failing.map((one) => `${one.id}: ${one.title} ${JSON.stringify(one.details?.items?.slice(0, 5) ?? "")}`).join("\n");
    assert.ok(Math.round(score * 100) >= least, `${path} ${category} ${score}\n${why}`);
  }
}

/** Runs `visit` with a browser of its own in which `who`, if anybody, is signed in. */
async function withBrowser(who, visit) {
  const folder = mkdtempSync(join(tmpdir(), "baton-lighthouse-"));
  const { context, port } = await persistent(folder);
  try {
    if (who !== null) {
      const data = { organization: stack().organization, email: who.email, password: who.password, transport: "cookie" };
      await context.request.post(`${web()}/v1/auth/login`, { data });
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(`${web()}/icon.svg`);
      await page.evaluate(() => localStorage.setItem("baton:signed-in", "1"));
      await page.goto("about:blank");
    }
    await visit(port);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test("signing in", () =>
  withBrowser(null, async (port) => {
    await audit("/", port);
    await audit("/portal/", port);
  }));

test("the inbox with a conversation", async () => {
  const leader = await person("team_leader", "Lio Leader");
  const customer = await person("customer", "Cleo Customer");
  const blue = await team("Lighthouse", [[leader, "leader"]]);
  const ticket = await customer.open({ subject: "The light is on", team: blue.slug });
  await withBrowser(leader, async (port) => {
    await audit("/inbox/queue", port);
    await audit(`/inbox/all/${ticket.id}`, port);
  });
  await withBrowser(customer, async (port) => {
    await audit("/portal/", port);
    await audit(`/portal/tickets/${ticket.id}`, port);
  });
});
