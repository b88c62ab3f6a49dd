/** For everybody: no violation that axe finds, the keyboard alone, narrow and enlarged screens. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";

import { screens, shut } from "./harness/browser.mjs";
import { composer, decisionSheet, inbox, portal, rail, signIn, thread } from "./harness/pages.mjs";
import { person, team, until } from "./harness/stack.mjs";

after(shut);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Finds nothing wrong with what `page` shows now, in either theme. */
async function accessible(page, what) {
  for (const theme of ["light", "dark"]) {
    await page.evaluate((value) => (document.documentElement.dataset.theme = value), theme);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
    const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
    const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} — ${node.failureSummary}`));
    assert.deepEqual(told, [], `${what}, ${theme}`);
  }
}

/** Nothing stands beyond the edge of the screen. */
async function fits(page, what) {
  const [width, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(width <= shown, `${what}: ${width} px of content in ${shown} px`);
}

async function cast(name) {
  const leader = await person("team_leader", `${name} Leader`, { units: 3 });
  const idle = await person("team_leader", `${name} Idle`);
  const customer = await person("customer", `${name} Customer`, { tier: "vip" });
  const blue = await team(name, [
    [leader, "leader"],
    [idle, "leader"],
  ]);
  const ticket = await customer.open({ subject: "A subject of some length about a printer that burns", team: blue.slug });
  await customer.open({ subject: "Another one", team: blue.slug });
  await leader.say(ticket, "An answer with a link: https://example.org/a/very/long/address/that/must/break/somewhere/or/else");
  await leader.say(ticket, "A note for the team", "note");
  await customer.say(ticket, "Thank you");
  // What the absent did not answer goes back to the queue: this is answered.
  await leader.say(ticket, "You are welcome");
  await leader.post(`/tickets/${ticket.id}/claim`);
  return { leader, customer, blue, ticket };
}

test("axe finds nothing in the agent app", () =>
  screens("axe-agent", async (hall) => {
    hall.excuse(/Failed to load resource/, /WebSocket/, /ERR_/);
    const { leader, ticket } = await cast("Axe");
    const door = await (await hall.context()).newPage();
    await door.goto("/");
    await door.getByLabel("Password", { exact: true }).waitFor();
    await accessible(door, "sign-in");

    const page = await hall.seat(leader, "/inbox/mine");
    await inbox(page).row(ticket.subject).waitFor();
    await accessible(page, "inbox");
    await inbox(page).openFilters();
    await accessible(page, "filters");
    await page.keyboard.press("Escape");
    await inbox(page).openNewTicket();
    await accessible(page, "new ticket");
    await page.keyboard.press("Escape");
    await page.goto("/inbox/waiting?q=nothing-is-called-this");
    await inbox(page).empty.waitFor();
    await accessible(page, "an empty list");

    await page.goto(`/inbox/mine/${ticket.id}`);
    await thread(page).message("Thank you").waitFor();
    await accessible(page, "a conversation");
    await composer(page).noteMode();
    await accessible(page, "a note");
    await composer(page).replyMode();
    await thread(page).openDecision();
    await decisionSheet(page).waitFor();
    await accessible(page, "a decision");
    await page.keyboard.press("Escape");
    await page.locator("body").click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await accessible(page, "help");
    await page.keyboard.press("Escape");

    await page.goto("/queues");
    await page.getByRole("heading", { name: /Axe/ }).waitFor();
    await accessible(page, "queue wall");
    await rail(page).notifications.click();
    await page.getByText("Nothing was told yet").waitFor();
    await accessible(page, "notifications");
    await page.keyboard.press("Escape");
    await page.goto("/nowhere");
    await page.getByText(/nothing here/i).waitFor();
    await accessible(page, "an unknown address");

    await page.goto(`/inbox/mine/${ticket.id}`);
    await thread(page).message("Thank you").waitFor();
    await page.context().setOffline(true);
    await composer(page).type("Held back");
    await composer(page).send();
    await thread(page).message("Held back").waitFor();
    await accessible(page, "offline");
  }));

test("axe finds nothing in what supervisors see", () =>
  screens("axe-supervisor", async (hall) => {
    const page = await hall.seat(await person("supervisor", "Axel Supervisor"), "/jobs");
    await page.getByRole("heading", { name: "Could not be done" }).waitFor();
    await accessible(page, "jobs");
  }));

test("axe finds nothing in the portal", () =>
  screens("axe-portal", async (hall) => {
    hall.excuse(/Failed to load resource/, /WebSocket/, /ERR_/);
    const { customer, ticket } = await cast("AxePortal");
    const door = await (await hall.context()).newPage();
    await door.goto("/portal/");
    await door.getByLabel("Password", { exact: true }).waitFor();
    await accessible(door, "sign-in");
    const page = await hall.seat(customer, "/portal/");
    await page.getByText(ticket.subject).first().waitFor();
    await accessible(page, "my tickets");
    await page.goto("/portal/new");
    await portal(page).subject.waitFor();
    await accessible(page, "new ticket");
    await page.goto(`/portal/tickets/${ticket.id}`);
    await portal(page).message("Thank you").waitFor();
    await accessible(page, "a conversation");
    await page.context().setOffline(true);
    await portal(page).composer.fill("Held back");
    await portal(page).send();
    await portal(page).message("Held back").waitFor();
    await accessible(page, "offline");
  }));

test("the main job by keyboard alone: sign in, open, answer, resolve", () =>
  screens("keyboard", async (hall) => {
    const { leader, ticket } = await cast("Keys");
    const page = await (await hall.context()).newPage();
    await page.goto("/inbox/mine");
    await signIn(page, leader, { byKeyboard: true });
    await inbox(page).row(ticket.subject).waitFor();
    await page.keyboard.press("j");
    await thread(page).message("Thank you").waitFor();
    await page.keyboard.press("r");
    await until("the composer to have the focus", () => composer(page).box.evaluate((node) => node === document.activeElement));
    await page.keyboard.type("By keyboard alone");
    await page.keyboard.press("Control+Enter");
    await thread(page).message("By keyboard alone").waitFor();
    await page.keyboard.press("Escape");
    await composer(page).box.evaluate((node) => node.blur());
    await page.keyboard.press("e");
    await until("it to be resolved", async () => (await leader.get(`/tickets/${ticket.id}`)).status === "resolved");
  }));

for (const [what, options] of [
  ["a phone of 360 px", { viewport: { width: 360, height: 740 }, hasTouch: true }],
  ["200 % zoom", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
]) {
  test(`nothing is lost on ${what}`, () =>
    screens(`narrow-${what}`, async (hall) => {
      const { leader, customer, ticket } = await cast("Narrow");
      const page = await hall.seat(leader, "/inbox/mine", options);
      await inbox(page).row(ticket.subject).click();
      await thread(page).message("Thank you").waitFor();
      await fits(page, "a conversation");
      await composer(page).reply("Sent from a small screen");
      await thread(page).message("Sent from a small screen").waitFor();
      await page.getByRole("button", { name: "Back to the list" }).click();
      await inbox(page).row(ticket.subject).waitFor();
      await fits(page, "the inbox");
      await rail(page).choose("Online");
      await page.goto("/queues");
      await page.getByRole("heading", { name: /Narrow/ }).waitFor();
      await fits(page, "the queue wall");

      const home = await hall.seat(customer, "/portal/", options);
      await home.getByText(ticket.subject).first().click();
      await portal(home).message("Thank you").waitFor();
      await portal(home).write("From my phone");
      await portal(home).message("From my phone").waitFor();
      await fits(home, "the portal");
    }));
}

test("pages come with a policy that allows no inline script or style", async () => {
  const { web } = await import("./harness/stack.mjs");
  for (const path of ["/", "/portal/"]) {
    const answer = await fetch(web() + path);
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.doesNotMatch(await answer.text(), /__CSP_NONCE__/);
  }
});
