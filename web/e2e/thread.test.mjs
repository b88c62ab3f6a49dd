/** The conversation on a screen: what one wrote, what one missed, what somebody else changed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { screens, shut } from "./harness/browser.mjs";
import { composer, conflict, inbox, thread } from "./harness/pages.mjs";
import { person, team, until } from "./harness/stack.mjs";

after(shut);

async function desk(name) {
  const leader = await person("team_leader", `${name} Leader`);
  const customer = await person("customer", `${name} Customer`);
  const blue = await team(name, [[leader, "leader"]]);
  const ticket = await customer.open({ subject: `${name} ticket`, team: blue.slug });
  return { leader, customer, blue, ticket };
}

test("two people change one ticket: the second is shown both values and chooses", () =>
  screens("conflict", async (hall) => {
    hall.excuse(/412/);
    const { leader, blue, ticket } = await desk("Conflict");
    const other = await person("agent", "Otto Other");
    const { admin } = await import("./harness/stack.mjs");
    await (await admin()).put(`/teams/${blue.id}/members/${other.user.id}`, { role: "member" });
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await thread(page).message("Please help me with this.").waitFor();

    // While the first one's change is on its way, the second one's was stored: the event comes too late.
    await page.route(`**/v1/tickets/${ticket.id}`, async (route) => {
      if (route.request().method() === "PATCH") await other.patch(`/tickets/${ticket.id}`, { priority: "urgent" });
      await route.continue();
      await page.unroute(`**/v1/tickets/${ticket.id}`);
    });
    await thread(page).setPriority("Low");
    const sheet = conflict(page);
    await sheet.getByText("Urgent").first().waitFor();
    await sheet.getByText("Low").first().waitFor();
    assert.equal((await leader.get(`/tickets/${ticket.id}`)).priority, "urgent", "overwritten without asking");
    await sheet.getByRole("button", { name: /mine/i }).click();
    await until("the choice to be stored", async () => (await leader.get(`/tickets/${ticket.id}`)).priority === "low");
    await sheet.waitFor({ state: "detached" });
  }));

test("a draft survives a reload, and is gone when it was sent", () =>
  screens("draft", async (hall) => {
    const { leader, ticket } = await desk("Draft");
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await composer(page).type("Half a thought");
    await page.reload();
    await until("the draft to be there", async () => (await composer(page).box.inputValue()) === "Half a thought");
    await composer(page).send();
    await thread(page).message("Half a thought").waitFor();
    await until("the composer to be empty", async () => (await composer(page).box.inputValue()) === "");
  }));

test("older pages come on scroll and keep the place; a link shows its message; what is new has a line before it", () =>
  screens("history", async (hall) => {
    const { leader, customer, ticket } = await desk("History");
    for (let i = 1; i <= 70; i += 1) await customer.say(ticket, `Message number ${i}.`);
    await leader.post(`/conversations/${ticket.id}/read`, { seq: 69 });
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await thread(page).message("Message number 70.").waitFor();
    await thread(page).divider.waitFor();
    assert.equal(await thread(page).message("Message number 1.").count(), 0, "all of it was loaded at once");
    await until("older messages", async () => {
      await thread(page).scrollToTop();
      return (await thread(page).message("Message number 1.").count()) > 0;
    });
    const bodies = await thread(page).bodies();
    assert.equal(new Set(bodies).size, bodies.length, "a message stands twice");

    await page.goto(`/inbox/queue/${ticket.id}?message=5`);
    await thread(page).message("Message number 4.").waitFor();
    await until("the message to be in view", () =>
      thread(page)
        .message("Message number 4.")
        .evaluate((node) => {
          const { top, bottom } = node.getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        }),
    );
  }));

test("send and resolve, send and wait, send and next", () =>
  screens("send-and", async (hall) => {
    const { leader, customer, blue, ticket } = await desk("SendAnd");
    const next = await customer.open({ subject: "The one after", team: blue.slug });
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await composer(page).replyAnd("wait", "Please tell me more");
    await until("it to wait", async () => (await leader.get(`/tickets/${ticket.id}`)).status === "waiting");
    await customer.say(ticket, "More, as asked");
    await thread(page).message("More, as asked").waitFor();
    await composer(page).replyAnd("resolve", "Solved, then");
    await until("it to be resolved", async () => (await leader.get(`/tickets/${ticket.id}`)).status === "resolved");
    await page.goto(`/inbox/all/${ticket.id}`);
    await inbox(page).row("The one after").waitFor();
    await composer(page).replyAnd("next", "And on we go");
    await page.waitForURL((url) => url.pathname.includes(next.id) || !url.pathname.includes(ticket.id));
  }));

test("a list changes under the mouse without moving what is there", () =>
  screens("frozen", async (hall) => {
    const { leader, customer, blue } = await desk("Frozen");
    for (const subject of ["Alpha", "Beta", "Gamma"]) await customer.open({ subject, team: blue.slug });
    const page = await hall.seat(leader, "/inbox/all");
    const beta = inbox(page).row("Beta");
    await beta.waitFor();
    await beta.hover();
    const before = await beta.boundingBox();
    await customer.open({ subject: "Delta, which is new", team: blue.slug });
    await inbox(page).pill.waitFor();
    assert.deepEqual(await beta.boundingBox(), before);
    await inbox(page).pill.click();
    await inbox(page).row("Delta, which is new").waitFor();
  }));
