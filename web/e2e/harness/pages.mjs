/** The screens as people name what is on them: the one place that knows roles and words. */

const SEND = { resolve: "Send & resolve", wait: "Send & wait for customer", next: "Send & next" };

/** Fills in and sends the sign-in of either app. */
export async function signIn(page, { email, password }, { byKeyboard = false } = {}) {
  const organization = page.getByLabel("Organisation", { exact: true });
  const address = page.getByLabel("Email address");
  const secret = page.getByLabel("Password", { exact: true });
  await secret.waitFor();
  if ((await organization.count()) > 0) await organization.fill("demo");
  if (byKeyboard) {
    await address.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    return;
  }
  await address.fill(email);
  await secret.fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The list pane. */
export const inbox = (page) => {
  const pane = page.getByRole("region", { name: "Conversations" });
  return {
    pane,
    /** A row, by what its ticket is about. */
    row: (subject) => pane.getByRole("listitem").filter({ hasText: subject }).getByRole("link"),
    tab: (name) => pane.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: new RegExp(`^${name}`) }),
    empty: pane.getByText(/Nothing is yours|Nobody waits|Everything has somebody|There is nothing open|Nothing matches/),
    pill: pane.getByRole("button", { name: /^\d+ new$/ }),
    openFilters: () => pane.getByRole("button", { name: /^Filters/ }).click(),
    openNewTicket: () => pane.getByRole("button", { name: "New ticket" }).click(),
  };
};

/** The open conversation. */
export const thread = (page) => {
  const bubbles = page.getByRole("article", { name: /^(Message from|Internal note by)/ });
  const scroller = page.getByRole("region", { name: "Messages", exact: true });
  return {
    message: (body) => page.getByRole("article", { name: /^Message from/ }).filter({ hasText: body }),
    note: (body) => page.getByRole("article", { name: /^Internal note by/ }).filter({ hasText: body }),
    /** What the bubbles say, from the oldest. */
    bodies: () => bubbles.evaluateAll((nodes) => nodes.map((node) => node.querySelector("p").textContent)),
    divider: page.getByText("New messages", { exact: true }),
    /** How a message that is not stored yet stands. */
    state: (words) => bubbles.getByText(words),
    scrollToTop: () => scroller.evaluate((node) => node.scrollTo({ top: 0 })),
    async openDecision() {
      await page.getByRole("button", { name: /^(Assigned to|Taken by)/ }).first().click();
    },
    async setPriority(word) {
      await page.getByRole("button", { name: /^Priority/ }).click();
      await page.getByRole("menuitemradio", { name: word }).click();
    },
  };
};

/** Where one writes. */
export const composer = (page) => {
  const box = page.getByRole("textbox", { name: /^(Reply to the customer|Internal note)/ });
  const mode = (name) => page.getByRole("group", { name: "Who reads it" }).getByRole("button", { name }).click();
  const send = () => page.getByRole("button", { name: /^(Send|Add note)$/ }).click();
  return {
    box,
    send,
    replyMode: () => mode(/^Reply/),
    noteMode: () => mode(/^Internal note/),
    async type(text) {
      await box.fill(text);
    },
    async reply(text) {
      await mode(/^Reply/);
      await box.fill(text);
      await send();
    },
    async note(text) {
      await mode(/^Internal note/);
      await box.fill(text);
      await send();
    },
    async replyAnd(what, text) {
      await mode(/^Reply/);
      await box.fill(text);
      await page.getByRole("button", { name: "More ways to send" }).click();
      await page.getByRole("menuitem", { name: SEND[what] }).click();
    },
  };
};

export const decisionSheet = (page) => page.getByRole("dialog", { name: "Why it was assigned" });

export const conflict = (page) => page.getByRole("dialog", { name: /was changed meanwhile/ });

/** Availability, account and places. */
export const rail = (page) => {
  const nav = page.getByRole("navigation", { name: "Main" });
  return {
    async choose(word) {
      await nav.getByRole("button", { name: /^Availability/ }).click();
      await page.getByRole("menuitemradio", { name: word, exact: true }).click();
      await nav.getByRole("button", { name: new RegExp(`^Availability: ${word}`) }).waitFor();
    },
    units: (text) => nav.getByRole("button", { name: new RegExp(text) }),
    notifications: nav.getByRole("button", { name: /^Notifications/ }),
    async signOut() {
      await nav.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
    },
  };
};

/** What the app says of its connection. */
export const indicator = (page) => ({
  live: page.getByRole("status", { name: "Connection: Live" }),
  noDatabase: page.getByRole("status", { name: "Connection: No database" }),
  stalled: page.getByRole("status", { name: "Connection: Stalled" }),
  banner: page.getByRole("status").filter({ hasText: /Since \d/ }),
});

/** The screen of the workers. */
export const workers = (page) => ({
  /** Says which processes are silent. */
  silent: (name) => page.getByRole("status").filter({ hasText: new RegExp(`^Silent: .*${name}`) }),
  loop: (process, kind) => page.getByRole("region", { name: process }).getByRole("row", { name: new RegExp(`^${kind}`) }),
});

/** The customer's conversation. */
export const portal = (page) => {
  const box = page.getByRole("textbox", { name: "Your message" });
  const send = () => page.getByRole("button", { name: "Send", exact: true }).click();
  return {
    composer: box,
    send,
    subject: page.getByLabel("Subject"),
    message: (body) => page.getByRole("article", { name: /^Message from/ }).filter({ hasText: body }),
    async write(text) {
      await box.fill(text);
      await send();
    },
  };
};
