/** Ten thousand tickets in one list: scrolling does not stutter. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";

import { launch, screens, shut } from "./harness/browser.mjs";
import { inbox } from "./harness/pages.mjs";
import { person, stack, team } from "./harness/stack.mjs";

after(shut);

const TICKETS = 10_000;
/** The longest that one task of the page's thread may take, in milliseconds of its own work: others share the machine. */
const LONG_MS = 50;

/** Opens tickets in `team` for `requester`, straight in the database. */
function seed(made, requester) {
  const sql = `
    with org as (select org_id from teams where id = '${made.id}'),
    numbers as (select n, gen_random_uuid() as id, now() - make_interval(secs => n) as at from generate_series(1, ${TICKETS}) as n),
    talks as (
      insert into conversations (org_id, id, kind, preview, last_message_at, last_reply_at)
      select org_id, id, 'ticket', 'Words of ticket ' || n, at, at from numbers, org returning id
    )
    insert into tickets (org_id, id, number, subject, status, priority, channel, tier, team_id, requester_id, queue_state, eligible_at,
                         waiting_since, created_at, updated_at, public_updated_at)
    select org_id, id, (select max(number) from tickets) + 1000000 + n, 'Ticket number ' || n, 'open', 'normal', 'api', 'normal', '${made.id}', '${requester}', 'waiting', at,
           at, at, at, at
    from numbers, org`;
  const psql = spawnSync("psql", [stack().database_url, "-qv", "ON_ERROR_STOP=1", "-c", sql], { encoding: "utf8" });
  if (psql.error?.code === "ENOENT") return false;
  assert.equal(psql.status, 0, psql.stderr);
  return true;
}

test("a list of 10,000 tickets scrolls without a long task", async (context) => {
  const leader = await person("team_leader", "Lola Leader");
  const customer = await person("customer", "Many Customer");
  const made = await team("Long", [[leader, "member"]]);
  if (!seed(made, customer.user.id)) {
    context.skip("there is no psql to fill the database with");
    return;
  }
  await screens("long-list", async (hall) => {
    const page = await hall.seat(leader, "/inbox/all");
    await inbox(page).row("Ticket number 1").first().waitFor();
    const rows = page.getByRole("list", { name: "All" });
    await scroll(rows);
    const browser = await launch();
    await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline", "devtools.timeline", "__metadata"] });
    await scroll(rows);
    const longest = longestTask(JSON.parse(await browser.stopTracing()));
    console.log(`longest task while scrolling: ${longest.toFixed(1)} ms`);
    const { all } = await leader.get("/tickets/counts");
    assert.equal(all, TICKETS);
    assert.ok(longest > 0 && longest < LONG_MS, `a task of ${longest} ms`);
  });
});

/** The most that a task of a page's main thread worked, in milliseconds. */
function longestTask({ traceEvents }) {
  const names = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const mains = new Set(names.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, tdur, pid, tid }) => name === "RunTask" && tdur !== undefined && mains.has(`${pid} ${tid}`));
  return Math.max(0, ...tasks.map(({ tdur }) => tdur / 1_000));
}

/** Scrolls as a wheel does through what is loaded, and beyond: further pages come on the way. */
const scroll = (rows) =>
  rows.evaluate(async (list) => {
    for (let step = 0; step < 200; step += 1) {
      list.parentElement.scrollBy({ top: 240 });
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
  });
