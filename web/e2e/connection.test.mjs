/** What is lost on the way and comes back: gateways that die, networks that fail, tabs that close. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { screens, shut } from "./harness/browser.mjs";
import { composer, indicator, thread, workers } from "./harness/pages.mjs";
import { holdDown, person, stack, team, until } from "./harness/stack.mjs";

after(shut);

/** What a browser says of a server that is away. */
const AWAY = [/socket\.io/, /WebSocket/, /ERR_/, /Failed to load resource/];

async function desk(name) {
  const leader = await person("team_leader", `${name} Leader`);
  const customer = await person("customer", `${name} Customer`);
  const blue = await team(name, [[leader, "leader"]]);
  const ticket = await customer.open({ subject: `${name} ticket`, team: blue.slug });
  return { leader, customer, ticket };
}

test("the gateway is killed and comes back: nothing is missing, the banner was shown and is gone", () =>
  screens("gateway-killed", async (hall) => {
    hall.excuse(...AWAY);
    const { leader, customer, ticket } = await desk("Kill");
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await thread(page).message("Please help me with this.").waitFor();
    await indicator(page).live.waitFor();

    // It is started again at once; held down long enough that the screen must say so.
    const release = holdDown("gateway");
    try {
      await indicator(page).banner.waitFor();
      for (const word of ["one", "two", "three"]) await customer.say(ticket, `Said while away: ${word}`);
    } finally {
      release();
    }
    for (const word of ["one", "two", "three"]) await thread(page).message(`Said while away: ${word}`).waitFor();
    await indicator(page).live.waitFor();
    await indicator(page).banner.waitFor({ state: "detached" });
    const shown = await thread(page).bodies();
    assert.deepEqual(shown.filter((body) => body.startsWith("Said while away")), ["one", "two", "three"].map((word) => `Said while away: ${word}`));
  }));

test("what is written without a network waits, survives a reload, and is sent once", () =>
  screens("offline", async (hall) => {
    hall.excuse(...AWAY);
    const { leader, customer, ticket } = await desk("Offline");
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await thread(page).message("Please help me with this.").waitFor();
    await page.context().setOffline(true);
    await composer(page).type("Written in a tunnel");
    await composer(page).send();
    await thread(page).message("Written in a tunnel").waitFor();
    await thread(page).state(/Waiting to be sent/).waitFor();
    await customer.say(ticket, "Are you there?");
    await page.context().setOffline(false);
    await page.reload();
    await thread(page).message("Are you there?").waitFor();
    await thread(page).message("Written in a tunnel").waitFor();
    const stored = await until("the message to be stored", async () => {
      const found = (await customer.messages(ticket)).filter((message) => message.body === "Written in a tunnel");
      return found.length > 0 && found;
    });
    await until("the bubble to be an ordinary one", async () => (await thread(page).state(/Sending|Waiting to be sent/).count()) === 0);
    assert.equal(stored.length, 1);
    assert.equal((await thread(page).bodies()).filter((body) => body === "Written in a tunnel").length, 1);
  }));

test("the API is away: the screen names it, keeps what is written, and sends it later", () =>
  screens("api-killed", async (hall) => {
    hall.excuse(...AWAY);
    const { leader, customer, ticket } = await desk("Api");
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await thread(page).message("Please help me with this.").waitFor();
    const release = holdDown("api");
    try {
      await composer(page).type("Said to a dead API");
      await composer(page).send();
      await indicator(page).banner.getByText(/server|API/i).first().waitFor();
    } finally {
      release();
    }
    await until("the API to be back", async () => (await fetch(`${stack().api}/v1/openapi.json`).catch(() => null))?.ok);
    await until("the message to be stored", async () => {
      const all = await customer.messages(ticket).catch(() => []);
      return all.filter((message) => message.body === "Said to a dead API").length === 1;
    });
    await indicator(page).banner.waitFor({ state: "detached" });
  }));

test("the API lacks its database: the screen names it, keeps what is written, and sends it later", () =>
  screens("no-database", async (hall) => {
    hall.excuse(...AWAY);
    const { leader, customer, ticket } = await desk("Base");
    const page = await hall.seat(leader, `/inbox/queue/${ticket.id}`);
    await thread(page).message("Please help me with this.").waitFor();
    await indicator(page).live.waitFor();
    const release = holdDown("postgres");
    try {
      await composer(page).reply("Said without a database");
      await indicator(page).noDatabase.waitFor({ timeout: 15_000 });
      await indicator(page).banner.getByText(/The database is away/).waitFor();
    } finally {
      release();
    }
    // A Postgres that was killed while it started again may take its time.
    const said = async () => (await customer.messages(ticket).catch(() => [])).filter((message) => message.body === "Said without a database");
    await until("the message to be stored", async () => (await said()).length > 0, 30_000);
    await indicator(page).live.waitFor({ timeout: 30_000 });
    assert.equal((await said()).length, 1);
  }));

test("events are not passed on: the indicator names it within 15 s, here and there, and the workers' screen shows who is silent", () =>
  screens("sequencer-held", async (hall) => {
    const supervisor = await person("supervisor", "Stella Supervisor");
    const { customer, ticket } = await desk("Stalled");
    const profile = await hall.profile(supervisor);
    const pulses = [];
    profile.on("page", (page) =>
      page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => String(payload).includes('"pulse"') && pulses.push(payload))),
    );
    const page = await profile.newPage();
    await page.goto("/workers");
    const other = await profile.newPage();
    await other.goto(`/inbox/all/${ticket.id}`);
    await thread(other).message("Please help me with this.").waitFor();
    for (const tab of [page, other]) await indicator(tab).live.waitFor();
    await workers(page).loop("baton-jobs", "sequence").getByText("Works").first().waitFor();
    await until("a pulse", () => pulses.length > 0);

    const release = holdDown("jobs");
    try {
      await Promise.all([page, other].map((tab) => indicator(tab).stalled.waitFor({ timeout: 15_000 })));
      await indicator(page).banner.getByText(/new messages may show late; what you send is kept/).waitFor();
      await customer.say(ticket, "Said while nothing was passed on");
      await workers(page).silent("baton-jobs").waitFor();
      await workers(page).loop("baton-jobs", "sequence").getByText("Silent").first().waitFor();
    } finally {
      release();
    }
    await thread(other).message("Said while nothing was passed on").waitFor();
    // Its start and the next pulse may take longer than a screen may.
    for (const tab of [page, other]) await indicator(tab).live.waitFor({ timeout: 30_000 });
    await workers(page).silent("baton-jobs").waitFor({ state: "detached" });
  }));

test("two tabs share one socket; when the one that has it closes, the other takes over", () =>
  screens("two-tabs", async (hall) => {
    const { leader, customer, ticket } = await desk("Tabs");
    const profile = await hall.profile(leader);
    const sockets = [];
    profile.on("page", (page) => page.on("websocket", (socket) => sockets.push([page, socket])));
    const first = await profile.newPage();
    await first.goto(`/inbox/queue/${ticket.id}`);
    await indicator(first).live.waitFor();
    const second = await profile.newPage();
    await second.goto(`/inbox/queue/${ticket.id}`);
    await indicator(second).live.waitFor();
    await customer.say(ticket, "Heard in both tabs");
    for (const page of [first, second]) await thread(page).message("Heard in both tabs").waitFor();
    const open = () => sockets.filter(([page, socket]) => !page.isClosed() && !socket.isClosed());
    assert.equal(open().length, 1, "one socket for two tabs");
    assert.equal(open()[0][0], first);

    await first.close();
    await customer.say(ticket, "Said while the socket changes hands");
    await thread(second).message("Said while the socket changes hands").waitFor();
    await until("the second tab to have the socket", () => open().length === 1 && open()[0][0] === second);
    await customer.say(ticket, "And after");
    await thread(second).message("And after").waitFor();
    const shown = (await thread(second).bodies()).slice(-3);
    assert.deepEqual(shown, ["Heard in both tabs", "Said while the socket changes hands", "And after"]);
  }));
