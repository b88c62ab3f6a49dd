/** Signing in, staying, and being signed out. */
import { after, test } from "node:test";

import { screens, shut } from "./harness/browser.mjs";
import { inbox, rail, signIn } from "./harness/pages.mjs";
import { admin, person, team } from "./harness/stack.mjs";

after(shut);

test("a wrong password is said; a right one leads to the address that was asked for, and stays after a reload", () =>
  screens("sign-in", async (hall) => {
    hall.excuse(/401/);
    const leader = await person("team_leader", "Sina Leader");
    const customer = await person("customer", "Sam Customer");
    const blue = await team("SignIn", [[leader, "leader"]]);
    await customer.open({ subject: "Let me in", team: blue.slug });
    const page = await (await hall.context()).newPage();
    await page.goto("/inbox/queue");
    await signIn(page, { ...leader, password: "not the password" });
    await page.getByRole("alert").filter({ hasText: /wrong/i }).waitFor();
    await signIn(page, leader);
    await inbox(page).row("Let me in").waitFor();
    await page.reload();
    await inbox(page).row("Let me in").waitFor();
  }));

test("signing out in one tab signs out all", () =>
  screens("sign-out", async (hall) => {
    const leader = await person("team_leader", "Sora Leader");
    const profile = await hall.profile(leader);
    const [one, two] = [await profile.newPage(), await profile.newPage()];
    for (const page of [one, two]) {
      await page.goto("/inbox/mine");
      await inbox(page).empty.waitFor();
    }
    await rail(one).signOut();
    for (const page of [one, two]) await page.getByLabel("Password", { exact: true }).waitFor();
    await one.reload();
    await one.getByLabel("Password", { exact: true }).waitFor();
  }));

test("who is disabled is out within seconds, and told why", () =>
  screens("revoked", async (hall) => {
    hall.excuse(/401/, /WebSocket/);
    const leader = await person("team_leader", "Siri Leader");
    const page = await hall.seat(leader, "/inbox/mine");
    await inbox(page).empty.waitFor();
    await (await admin()).patch(`/users/${leader.user.id}`, { disabled: true });
    await page.getByText(/signed out/i).first().waitFor();
    await page.getByLabel("Password", { exact: true }).waitFor();
  }));

test("a customer at the agents' door, and an agent at the customers', are shown the way", () =>
  screens("doors", async (hall) => {
    const customer = await person("customer", "Dora Customer");
    const agent = await person("agent", "Dirk Agent");
    const lost = await hall.seat(customer, "/");
    await lost.getByRole("link", { name: /portal/i }).waitFor();
    const stray = await hall.seat(agent, "/portal/");
    await stray.getByRole("link", { name: /agent app|inbox/i }).waitFor();
  }));
