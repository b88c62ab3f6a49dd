// Takes pictures of the main screens into docs/screens, from a running stack that is fresh (`cargo dev up --fresh`).
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { launch, screens, shut } from "../e2e/harness/browser.mjs";
import { composer, decisionSheet, inbox, indicator, portal, thread } from "../e2e/harness/pages.mjs";
import { person, Rest, stack, until } from "../e2e/harness/stack.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/screens/", import.meta.url));
mkdirSync(FOLDER, { recursive: true });

const shot = (page, name) => page.screenshot({ path: `${FOLDER}${name}.png`, animations: "disabled", caret: "hide" });

/** Conversations as they come to a help desk: who, about what, how urgent, and what was said. */
const STORIES = [
  ["Mara Lindqvist", "vip", "Checkout fails with “card declined” for all cards", "urgent", ["Since this morning every order stops at payment. We lose sales by the minute.", "reply:I see it in our logs, Mara. Our payment provider has an outage in your region; I am switching you over now.", "note:Provider status page: incident 4821, EU-North only. Failover flag is `pay_alt`.", "Thank you. Two orders went through just now!"]],
  ["Jonas Weber", "normal", "Invoice 2026-1187 shows the old company name", "normal", ["We were renamed in October. Could you send the invoice again?"]],
  ["Priya Raman", "normal", "How do I add a colleague to our workspace?", "low", ["I am the owner, but the invite button is grey."]],
  ["Tomás Herrera", "vip", "Export stops at 10,000 rows", "high", ["Our monthly report needs about 40,000 rows. The file just ends.", "reply:Thanks for the file, Tomás. I have passed it to the team that owns exports."]],
  ["Aiko Tanaka", "normal", "Two-factor codes arrive late", "high", ["The code comes after five minutes, when it has run out already."]],
  ["Lena Fischer", "normal", "Please cancel my second seat", "normal", ["We are one person fewer from next month."]],
  ["Omar Haddad", "normal", "Webhook signature does not verify", "normal", ["I follow the docs to the letter, but the signature differs when the body has umlauts."]],
  ["Grace Mbeki", "normal", "Love the new dashboard", "low", ["No question at all. Just wanted to say so."]],
];

const leader = await Rest.signIn(stack().logins.find((login) => login.role === "team_leader"));
const supervisor = await Rest.signIn(stack().logins.find((login) => login.role === "supervisor"));

/** Plays the stories while the leader is at work: routing hands out what fits, the rest waits. */
async function play() {
  const told = [];
  for (const [name, tier, subject, priority, lines] of STORIES) {
    const customer = await person("customer", name, { tier });
    const [first, ...more] = lines;
    const ticket = await customer.open({ subject, body: first, team: "support" });
    if (priority !== "normal") await supervisor.patch(`/tickets/${ticket.id}`, { priority, ...(priority === "urgent" ? { tags: ["payments", "outage"] } : {}) });
    told.push({ customer, ticket, more });
  }
  await until("the first to be assigned", async () => (await leader.get(`/tickets/${told[0].ticket.id}`)).assignee !== null);
  for (const { customer, ticket, more } of told) {
    for (const line of more) {
      const [, kind, body] = /^(?:(reply|note):)?(.*)$/s.exec(line);
      await (kind === undefined ? customer : leader).say(ticket, body, kind ?? "reply");
    }
  }
  return told;
}

await launch();
await screens("pictures", async (hall) => {
  hall.excuse(/./);
  const present = await hall.seat(leader, "/inbox/mine");
  await indicator(present).live.waitFor();
  await leader.availability("online");
  const told = await play();
  const { ticket, customer } = told[0];
  for (const theme of ["light", "dark"]) {
    const desk = await hall.seat(leader, `/inbox/mine/${ticket.id}`, { colorScheme: theme });
    await thread(desk).message("Two orders went through").waitFor();
    await shot(desk, `inbox-${theme}`);
    if (theme === "dark") continue;
    await thread(desk).openDecision();
    await decisionSheet(desk).waitFor();
    await shot(desk, "decision");
    await desk.keyboard.press("Escape");
    await composer(desk).noteMode();
    await composer(desk).box.fill("Ask the provider for a post-mortem.");
    await shot(desk, "note");
    await composer(desk).box.fill("");
    await desk.goto("/queues");
    await desk.getByRole("heading", { name: /Support/ }).waitFor();
    await shot(desk, "queues");
    await desk.goto("/inbox/waiting?q=nothing-of-that-name");
    await inbox(desk).empty.waitFor();
    await shot(desk, "empty");
    await desk.goto(`/inbox/mine/${ticket.id}`);
    await thread(desk).message("Two orders went through").waitFor();
    await desk.context().setOffline(true);
    await composer(desk).type("I will write again when all is green.");
    await composer(desk).send();
    await thread(desk).state("Waiting to be sent").waitFor();
    await indicator(desk).banner.waitFor();
    await shot(desk, "offline");
  }
  const small = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true };
  const phone = await hall.seat(leader, "/inbox/mine", small);
  await inbox(phone).row(ticket.subject).waitFor();
  await shot(phone, "phone-inbox");
  await inbox(phone).row(ticket.subject).click();
  await thread(phone).message("Two orders went through").waitFor();
  await shot(phone, "phone-thread");
  const home = await hall.seat(customer, "/portal/");
  await home.getByText(ticket.subject).waitFor();
  await shot(home, "portal-list");
  await home.goto(`/portal/tickets/${ticket.id}`);
  await portal(home).message("Two orders went through").waitFor();
  await shot(home, "portal-conversation");
  const waiting = await hall.seat(told.at(-1).customer, `/portal/tickets/${told.at(-1).ticket.id}`, small);
  await waiting.getByText(/in line/).first().waitFor();
  await shot(waiting, "portal-waiting");
  const door = await (await hall.context()).newPage();
  await door.goto("/");
  await door.getByLabel("Password", { exact: true }).waitFor();
  await shot(door, "sign-in");
});
await shut();
