// Many reference clients in one process, driven by JSON lines.
//
// stdin:  {client, do, re?, …}   `re` asks for an answer line
//   open   {gateways, token, transports, api?, cursor?, user?}
//   emit   {event, payload}      answered by the acknowledgement
//   join | leave {conversation}  answered by the (last) acknowledgement
//   token  {token}               used by the next connection
//   move   {gateway}             connects there, with all that is known
//   stall | unstall              stops and starts reading from the connection
//   close
// stdout: {re, answer} or {client, at, kind, …} for all that a client tells; `at` is in milliseconds.

import { createInterface } from "node:readline";
import { performance } from "node:perf_hooks";
import { Client } from "./client.mjs";

const clients = new Map();

function write(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function connection(client) {
  return client.socket.io.engine.transport.ws._socket;
}

const commands = {
  open(command) {
    const tell = (kind, detail) => {
      write({ client: command.client, at: performance.timeOrigin + performance.now(), kind, ...detail });
    };
    clients.set(command.client, new Client(command, tell));
  },
  emit: (client, { event, payload }, answer) => client.ask(event, payload, answer),
  join: (client, { conversation }, answer) => client.join(conversation, answer),
  leave: (client, { conversation }, answer) => client.leave(conversation, answer),
  token: (client, { token }) => {
    client.token = token;
  },
  move: (client, { gateway }) => client.connect(gateway),
  stall: (client) => connection(client).pause(),
  unstall: (client) => connection(client).resume(),
  close: (client) => client.close(),
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const command = JSON.parse(line);
    const answer = (given) => command.re !== undefined && write({ re: command.re, answer: given });
    if (command.do === "open") {
      commands.open(command);
    } else {
      commands[command.do](clients.get(command.client), command, answer);
    }
  })
  .on("close", () => process.exit(0));
