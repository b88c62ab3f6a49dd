// A small, complete client of Baton's realtime contract, over the real socket.io-client.
//
// It is what the end-to-end tests look through, and what to copy when writing a client. Its rules:
//
//  1. Keep the cursor of the last durable event, or of `cursor`; connect with `{token, cursor}`.
//  2. After `ready`: without a cursor take the one it brings, then load the first state; with one call
//     `resume` until `more` is false. The server holds live events back until then.
//  3. `resync_required`: take the answer's cursor, forget what was loaded, load again.
//  4. After catching up, join every open conversation again with `after_seq`. What arrives for a
//     conversation meanwhile waits until its join is answered.
//  5. Apply a durable event once, by its `id`; a message once, by its `seq`; a ticket if its `version`
//     is higher.
//  6. Use answers inside their callback, never after an `await`: a promise resolves a turn later, and a
//     live event that was sent after the answer would be applied before it.
//
// What breaks the server's promises (a gap, a repeat, another message under a known `seq`) is reported
// as a fault: the tests demand that there is none.

import { io } from "socket.io-client";

const ANSWER_WITHIN_MS = 20_000;
const LIST_PAGE = 100;
/** How many ids of applied events are remembered. */
const REMEMBERED = 20_000;
/** How long to wait before knocking again at a gateway that is going away. */
const KNOCK_AGAIN_MS = 100;

export class Client {
  /**
   * @param {object} how
   * @param {string[]} how.gateways  Where to connect; the next one is taken when the first drains.
   * @param {string} how.token  An access token.
   * @param {string[]} how.transports  `["websocket"]`, `["polling"]` or both.
   * @param {string} [how.api]  Where tickets are loaded from; without it none are.
   * @param {string} [how.cursor]  Where an earlier life stopped.
   * @param {(kind: string, detail?: object) => void} tell  Hears all that happens.
   */
  constructor(how, tell) {
    this.how = how;
    this.tell = tell;
    this.token = how.token;
    this.cursor = how.cursor;
    /** Ids of durable events that were applied. */
    this.applied = new Set();
    /** Open conversations: `{seq, ids, joining, early}`. */
    this.threads = new Map();
    /** Tickets on the screen, and the versions at which others left it. */
    this.tickets = new Map();
    this.gone = new Map();
    /** Counts connections: an answer to an earlier one is of no use any more. */
    this.life = 0;
    this.connect(how.gateways[0]);
  }

  /** Connects to a gateway, with all that is known already. */
  connect(gateway) {
    this.socket?.disconnect();
    this.gateway = gateway;
    const socket = io(gateway, {
      transports: this.how.transports,
      auth: (give) => give(this.cursor === undefined ? { token: this.token } : { token: this.token, cursor: this.cursor }),
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 400,
      timeout: 5_000,
    });
    this.socket = socket;
    socket.on("connect", () => this.tell("connected", { transport: socket.io.engine.transport.name }));
    socket.on("disconnect", (reason) => this.left(reason));
    socket.on("connect_error", (error) => this.refused(error));
    socket.onAny((event, payload) => this.hear(event, payload));
  }

  close() {
    this.socket.disconnect();
  }

  left(reason) {
    this.life += 1;
    this.tell("disconnected", { reason });
    if (this.comeBackAfter !== undefined) {
      this.socket.disconnect();
      const gateways = this.how.gateways;
      const next = gateways[(gateways.indexOf(this.gateway) + 1) % gateways.length];
      setTimeout(() => this.connect(next), this.comeBackAfter);
      this.comeBackAfter = undefined;
    }
  }

  refused(error) {
    this.tell("refused", { message: error.message });
    // A refusal by the server is final for socket.io-client; a gateway that drains is not for us.
    if (!this.socket.active && error.message.startsWith("unavailable")) {
      setTimeout(() => this.socket.connect(), KNOCK_AGAIN_MS);
    }
  }

  hear(event, payload) {
    if (payload?.id !== undefined && payload.cursor !== undefined) {
      return this.apply(payload, "live");
    }
    this.tell("heard", { event, payload });
    switch (event) {
      case "ready":
        return this.catchUp(payload);
      case "cursor":
        this.cursor = payload.cursor;
        return;
      case "access:changed":
        return this.load(this.life, () => {});
      case "room:revoked":
        this.threads.delete(payload.conversation_id);
        return;
      case "server:draining":
        this.comeBackAfter = payload.reconnect_after_ms;
    }
  }

  /** Rules 2 and 4. */
  catchUp(ready) {
    this.life += 1;
    const life = this.life;
    for (const thread of this.threads.values()) {
      thread.joining = true;
    }
    const outcome = { missed: 0, pages: 0, reloaded: false };
    const rejoin = () => this.joinAll(life, [...this.threads.keys()], () => this.tell("settled", outcome));
    if (this.cursor === undefined) {
      this.cursor = ready.cursor;
      this.load(life, rejoin);
    } else {
      this.resume(life, outcome, rejoin);
    }
  }

  resume(life, outcome, done) {
    this.ask("resume", { cursor: this.cursor }, (page) => {
      if (life !== this.life) return;
      if (page.ok) {
        outcome.pages += 1;
        outcome.missed += page.events.length;
        page.events.forEach((event) => this.apply(event, "resume"));
        this.cursor = page.cursor;
        page.more ? this.resume(life, outcome, done) : done();
      } else if (page.error.code === "resync_required") {
        outcome.reloaded = true;
        this.cursor = page.cursor;
        this.forget();
        this.load(life, done);
      } else if (this.socket.connected) {
        setTimeout(() => life === this.life && this.resume(life, outcome, done), KNOCK_AGAIN_MS);
      }
    });
  }

  /** Rule 5, for any durable event. */
  apply(event, via) {
    if (this.applied.has(event.id)) {
      if (via === "live") this.fault(`the event ${event.id} was heard twice`);
      return;
    }
    this.applied.add(event.id);
    if (this.applied.size > REMEMBERED) {
      this.applied.delete(this.applied.values().next().value);
    }
    this.cursor = event.cursor;
    this.tell("event", { event, via, card: this.show(event) });
    const thread = event.type === "message:created" && this.threads.get(event.conversation_id);
    if (thread) {
      const { ticket, ...message } = event.data;
      this.take(thread, message, via);
    }
  }

  /** Shows an event on the card of its ticket; gives the members that it set, "whole", "gone" or nothing. */
  show({ type, conversation_id, data }) {
    const card = this.tickets.get(conversation_id);
    switch (type) {
      case "message:created":
        // What one wrote oneself one has read.
        return this.set(card, data.author.id === this.how.user ? { ...data.ticket, read_seq: data.seq } : data.ticket);
      case "conversation:read":
        return data.user_id === this.how.user ? this.set(card, { read_seq: data.seq }) : undefined;
      case "ticket:removed":
        // Not its thread: whoever still may know of it is told the ticket anew, others hear `room:revoked`.
        this.gone.set(data.ticket.id, data.ticket.version);
        return this.tickets.delete(data.ticket.id) ? "gone" : undefined;
      default:
        return data.ticket !== undefined && this.keep(data.ticket) ? "whole" : undefined;
    }
  }

  set(card, members) {
    return card && Object.assign(card, members) && members;
  }

  /** A whole ticket, from an event or a list: it replaces a copy of lower version, and one that left by then. */
  keep(ticket) {
    const card = this.tickets.get(ticket.id);
    const newer = card ? ticket.version > card.version : ticket.version >= (this.gone.get(ticket.id) ?? 0);
    if (newer) this.tickets.set(ticket.id, { ...card, ...ticket });
    return newer;
  }

  forget() {
    this.applied.clear();
    this.tickets.clear();
    this.gone.clear();
    this.tell("forgotten");
  }

  /** Loads the tickets this person may know of, page after page. Events that come meanwhile win by version. */
  async load(life, done) {
    let cursor = "";
    while (this.how.api && cursor !== null) {
      const page = await this.list(cursor).catch((error) => this.fault(`the list cannot be loaded: ${error.message}`));
      if (page === undefined || life !== this.life) return;
      page.items.filter((ticket) => this.keep(ticket)).forEach((ticket) => this.tell("loaded", { ticket }));
      cursor = page.next_cursor;
    }
    done();
  }

  async list(cursor) {
    const query = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const address = `${this.how.api}/v1/tickets?limit=${LIST_PAGE}${query}`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  joinAll(life, conversations, done) {
    const [first, ...others] = conversations;
    if (first === undefined) return done();
    this.join(first, () => life === this.life && this.joinAll(life, others, done));
  }

  /** Opens a conversation, with all that was said in it after what is known. */
  join(conversation, done) {
    const thread = this.threads.get(conversation) ?? { seq: 0, ids: [], early: [] };
    thread.joining = true;
    this.threads.set(conversation, thread);
    this.ask("conversation:join", { conversation_id: conversation, after_seq: thread.seq }, (answer) => {
      if (!answer.ok) {
        // Without an answer it is joined again by the next connection.
        if (answer.error.code !== "no_answer") this.threads.delete(conversation);
        return done(answer);
      }
      answer.messages.forEach((message) => this.add(thread, message, "join"));
      if (answer.more) return this.join(conversation, done);
      if (thread.seq < answer.last_seq) {
        this.fault(`a join ended at ${thread.seq} of ${answer.last_seq} messages of ${conversation}`);
      }
      thread.joining = false;
      thread.early.splice(0).forEach(([message, via]) => this.add(thread, message, via));
      done(answer);
    });
  }

  leave(conversation, done) {
    this.threads.delete(conversation);
    this.ask("conversation:leave", { conversation_id: conversation }, done);
  }

  take(thread, message, via) {
    if (thread.joining) {
      thread.early.push([message, via]);
    } else {
      this.add(thread, message, via);
    }
  }

  /** Rule 5, for messages. */
  add(thread, message, via) {
    const where = `${message.seq} of ${message.conversation_id}`;
    if (message.seq <= thread.seq) {
      if (thread.ids[message.seq - 1] !== message.id) this.fault(`another message came as ${where}`);
      return;
    }
    if (message.seq !== thread.seq + 1) this.fault(`after ${thread.seq} came ${where}`);
    thread.seq = message.seq;
    thread.ids.push(message.id);
    this.tell("message", { message, via });
  }

  /** Asks the gateway; `answered` is given the acknowledgement, made up if there was none. */
  ask(event, payload, answered) {
    this.socket.timeout(ANSWER_WITHIN_MS).emit(event, payload, (error, answer) => {
      answered(error ? { ok: false, error: { code: "no_answer", detail: error.message } } : answer);
    });
  }

  fault(what) {
    this.tell("fault", { what });
  }
}
