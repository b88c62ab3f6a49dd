/** The running stack, as its ready file tells it, and people who use it over REST. */
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

const FILE = process.env.BATON_READY_FILE;
if (!FILE) throw new Error("BATON_READY_FILE must name the ready file of a running stack");

/** The ready file as it is now: pids change when something is started again. */
export const stack = () => JSON.parse(readFileSync(FILE, "utf8"));

/** Where the web app is. */
export const web = () => process.env.BATON_WEB_URL ?? stack().web;

/** The pid of a service's first replica, or of Postgres. */
export function pid(name) {
  const { services, postgres_pid } = stack();
  return name === "postgres" ? postgres_pid : services.find((service) => service.name === name).pid;
}

/** Kills a service, or Postgres, and whatever is started in its place, until the answer is called. */
export function holdDown(name) {
  const kill = () => {
    try {
      process.kill(pid(name), "SIGKILL");
    } catch {
      // Just dead, and not started again yet.
    }
  };
  kill();
  const held = setInterval(kill, 100);
  return () => clearInterval(held);
}

/** A word that nobody else uses. */
export const unique = (word) => `${word}-${randomBytes(4).toString("hex")}`;

/** Waits until `look` gives something, at most 15 seconds. */
export async function until(what, look, bound = 15_000) {
  const end = Date.now() + bound;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited ${bound} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Somebody over REST. */
export class Rest {
  constructor({ email, password, name }, token, user) {
    Object.assign(this, { email, password, name: name ?? user.name, token, user });
  }

  static async signIn(login) {
    const body = { organization: stack().organization, email: login.email, password: login.password };
    const answer = await fetch(`${stack().api}/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${login.email} cannot sign in: ${answer.status} ${await answer.text()}`);
    const { access_token, user } = await answer.json();
    return new Rest(login, access_token, user);
  }

  async send(method, path, body, headers = {}) {
    const answer = await fetch(`${stack().api}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return said === "" ? null : JSON.parse(said);
  }

  get(path) {
    return this.send("GET", path);
  }

  post(path, body) {
    return this.send("POST", path, body);
  }

  put(path, body) {
    return this.send("PUT", path, body);
  }

  patch(path, body) {
    return this.send("PATCH", path, body);
  }

  /** Opens a ticket; a customer's own, or for `requester`. */
  open(fields) {
    return this.post("/tickets", { body: "Please help me with this.", ...fields });
  }

  say(ticket, body, kind = "reply") {
    return this.post(`/conversations/${ticket.id}/messages`, { body, kind, client_id: randomUUID() });
  }

  messages(ticket) {
    return this.get(`/conversations/${ticket.id}/messages?limit=100`).then((page) => page.items);
  }

  availability(status) {
    return this.put("/me/availability", { status });
  }
}

let signedInAdmin;

/** The demo's admin; signs in once. */
export function admin() {
  signedInAdmin ??= Rest.signIn(stack().logins.find((login) => login.role === "admin"));
  return signedInAdmin;
}

/** A new person of `role`, signed in over REST. */
export async function person(role, name, { units, tier } = {}) {
  const login = { email: `${unique(name.toLowerCase().replaceAll(" ", "."))}@test.example`, password: unique("password"), name };
  await (await admin()).post("/users", {
    ...login,
    role,
    ...(units === undefined ? {} : { units_limit: units }),
    ...(tier === undefined ? {} : { tier }),
  });
  return Rest.signIn(login);
}

/** A team of one's own, so that no other test's tickets come into it. */
export async function team(name, members) {
  const root = await admin();
  const made = await root.post("/teams", { slug: unique(name.toLowerCase()), name });
  for (const [member, role] of members) await root.put(`/teams/${made.id}/members/${member.user.id}`, { role });
  return made;
}
