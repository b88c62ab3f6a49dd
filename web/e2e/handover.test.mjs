/** What Baton is for: a customer writes, the right leader has it on the screen, the customer has the answer. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { screens, shut } from "./harness/browser.mjs";
import { composer, decisionSheet, inbox, portal, rail, thread } from "./harness/pages.mjs";
import { person, team, until } from "./harness/stack.mjs";

after(shut);

test("a customer writes in the portal, the leader's screens follow, and the answer comes back", () =>
  screens("handover", async (hall) => {
    const leader = await person("team_leader", "Lea Leader");
    const customer = await person("customer", "Cleo Customer");
    const blue = await team("Handover", [[leader, "leader"]]);
    const ticket = await customer.open({ subject: "The printer is on fire", team: blue.slug });
    const desk = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    const home = await hall.seat(customer, `/portal/tickets/${ticket.id}`);
    await portal(home).message("Please help me with this.").waitFor();
    await thread(desk).message("Please help me with this.").waitFor();

    // The customer's next words are on the leader's list and in the open thread.
    await portal(home).write("It is a big fire now");
    await thread(desk).message("It is a big fire now").waitFor();
    await inbox(desk).row(ticket.subject).getByText("It is a big fire now").waitFor();

    // A note stays with staff; a reply goes to the customer.
    await composer(desk).note("Call the fire brigade first");
    await thread(desk).note("Call the fire brigade first").waitFor();
    await composer(desk).reply("We are on our way");
    await portal(home).message("We are on our way").waitFor();
    assert.equal(await home.getByText("Call the fire brigade first").count(), 0, "a note reached the customer");

    const told = await customer.messages(ticket);
    assert.deepEqual(told.map((message) => message.body), ["Please help me with this.", "It is a big fire now", "We are on our way"]);
  }));

test("both see who types, and who has read", () =>
  screens("typing", async (hall) => {
    const leader = await person("team_leader", "Tia Leader");
    const customer = await person("customer", "Tom Customer");
    const blue = await team("Typing", [[leader, "leader"]]);
    const ticket = await customer.open({ subject: "Who is there?", team: blue.slug });
    const desk = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    const home = await hall.seat(customer, `/portal/tickets/${ticket.id}`);
    await thread(desk).message("Please help me with this.").waitFor();
    await portal(home).composer.pressSequentially("I am", { delay: 20 });
    await desk.getByText(/Tom Customer is typing/).waitFor();
    await composer(desk).box.pressSequentially("So am I", { delay: 20 });
    await home.getByText(/Tia Leader is typing/).waitFor();
    await portal(home).write("I am here");
    await thread(desk).message("I am here").waitFor();
    await home.getByText(/Seen/).waitFor();
  }));

test("a leader goes online: what waits lands in the basket, and says why", () =>
  screens("online", async (hall) => {
    const leader = await person("team_leader", "Olli Online", { units: 2 });
    const absent = await person("team_leader", "Abe Absent");
    const customer = await person("customer", "Cora Customer");
    const blue = await team("Online", [
      [leader, "leader"],
      [absent, "leader"],
    ]);
    for (const subject of ["First in line", "Second in line", "Third in line"]) await customer.open({ subject, team: blue.slug });
    const desk = await hall.seat(leader, "/inbox/mine");
    await inbox(desk).empty.waitFor();
    await inbox(desk).tab("Team queue").getByText("3").waitFor();

    await rail(desk).choose("Online");
    await inbox(desk).row("First in line").waitFor();
    await inbox(desk).row("Second in line").waitFor();
    await inbox(desk).tab("Mine").getByText("2").waitFor();
    await inbox(desk).tab("Team queue").getByText("1").waitFor();
    await rail(desk).units("2 of 2").waitFor();
    assert.equal(await inbox(desk).row("Third in line").count(), 0, "beyond the units");

    await inbox(desk).row("First in line").click();
    await thread(desk).openDecision();
    const sheet = decisionSheet(desk);
    await sheet.getByText("Olli Online").first().waitFor();
    await sheet.getByText("Abe Absent").waitFor();
    await sheet.getByText(/Chose offline/).waitFor();
    await desk.keyboard.press("Escape");

    // A slot that is freed is filled.
    await composer(desk).replyAnd("resolve", "Done, goodbye");
    await inbox(desk).row("Third in line").waitFor();
  }));

test("the queue's place is shown to who waits, and moves", () =>
  screens("position", async (hall) => {
    const leader = await person("team_leader", "Pia Position");
    const early = await person("customer", "Early Bird");
    const late = await person("customer", "Late Comer");
    const blue = await team("Position", [[leader, "leader"]]);
    const first = await early.open({ subject: "I was first", team: blue.slug });
    const second = await late.open({ subject: "I was second", team: blue.slug });
    // What somebody absent takes unanswered would come back to the queue.
    for (const ticket of [first, second]) await leader.say(ticket, "One moment, please");
    const home = await hall.seat(late, `/portal/tickets/${second.id}`);
    await home.getByText(/2nd in line/).waitFor();
    await leader.post(`/queues/${blue.slug}/next`);
    await home.getByText(/next in line|1st in line/i).waitFor();
    const taken = await leader.post(`/queues/${blue.slug}/next`);
    assert.equal(taken.id, second.id);
    await home.getByText(/Pia Position/).first().waitFor();
    await until("the place to go", async () => (await home.getByText(/in line/).count()) === 0);
  }));
