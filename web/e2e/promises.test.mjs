/** A promise to a customer breaks: whoever must know does, on screens that nobody reloads. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { screens, shut } from "./harness/browser.mjs";
import { inbox, rail, thread } from "./harness/pages.mjs";
import { admin, person, team } from "./harness/stack.mjs";

after(shut);

/** A promise of some seconds to important customers whose ticket is of low priority: to no other test's. */
const SHORT = {
  name: "Short",
  position: -1,
  tiers: ["vip"],
  priorities: ["low"],
  targets: [{ metric: "resolution", seconds: 6 }],
  escalation: [
    { metric: "resolution", action: "raise" },
    { metric: "resolution", action: "hand_to_supervisor" },
    { metric: "resolution", action: "notify", whom: ["leaders", "supervisors"] },
  ],
};

test("a promise breaks: the supervisor has the ticket and is told, the leader sees it go", () =>
  screens("breach", async (hall) => {
    const leader = await person("team_leader", "Brea Leader");
    const supervisor = await person("supervisor", "Bree Supervisor");
    const customer = await person("customer", "Brock Customer", { tier: "vip" });
    const red = await team("Breach", [[leader, "leader"]]);
    const desk = await hall.seat(leader, "/inbox/mine");
    const above = await hall.seat(supervisor, "/inbox/mine");
    // The demo has a supervisor too, who is not there: who is goes first.
    await rail(above).choose("Online");
    await rail(desk).choose("Online");
    await inbox(desk).empty.waitFor();

    // Nothing is under the mouse that would have to hold still.
    await desk.mouse.move(1_000, 300);
    const root = await admin();
    const policy = await root.post("/sla/policies", SHORT);
    try {
      const requester = { email: customer.email };
      const ticket = await leader.open({ subject: "Six seconds to go", team: red.slug, priority: "low", requester });
      await inbox(desk).row(ticket.subject).getByText(/due in \ds/).waitFor();
      await inbox(above).row(ticket.subject).getByText(/overdue/).waitFor();
      await inbox(desk).row(ticket.subject).waitFor({ state: "detached" });

      await rail(above).notifications.click();
      await above.getByRole("link", { name: /Six seconds to go.*Escalated to you/s }).click();
      await thread(above).message("Please help me with this.").waitFor();
      await above.getByText(/Escalated to level 1/).waitFor();
      await above.getByText("Broken", { exact: true }).waitFor();
      await rail(desk).notifications.click();
      await desk.getByRole("link", { name: /Six seconds to go.*A promise is broken/s }).waitFor();
      await desk.getByRole("button", { name: "Mark all as read" }).click();
      await desk.getByRole("button", { name: "Notifications, 0 unread" }).waitFor();

      const now = await supervisor.get(`/tickets/${ticket.id}`);
      assert.deepEqual([now.assignee.id, now.escalation_level, now.priority], [supervisor.user.id, 1, "normal"]);
    } finally {
      await root.send("DELETE", `/sla/policies/${policy.id}`);
      await supervisor.availability("offline");
    }
  }));
