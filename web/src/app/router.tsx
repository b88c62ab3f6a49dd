import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { readInboxSearch } from "@/inbox/search";

import { readSearch, writeSearch } from "./address";
import { Broken } from "./Broken";
import { Gate } from "./Gate";
import { NotFound } from "./NotFound";

const root = createRootRoute({ component: Gate, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$tab", params: { tab: "mine" } });
  },
});

/** A list: its tab is in the path, its filters and order are the search. */
const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox/$tab",
  validateSearch: readInboxSearch,
  component: lazyRouteComponent(() => import("@/inbox/InboxPage"), "InboxPage"),
});

/** A ticket opened from a list, beside it. `?message=7` shows that message. */
const ticket = createRoute({
  getParentRoute: () => inbox,
  path: "$ticketId",
  component: lazyRouteComponent(() => import("@/thread/TicketPage"), "TicketPage"),
});

/** A short link to a ticket, for colleagues. */
const link = createRoute({
  getParentRoute: () => root,
  path: "/tickets/$ticketId",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/inbox/$tab/$ticketId", params: { tab: "all", ticketId: params.ticketId } });
  },
});

const queues = createRoute({
  getParentRoute: () => root,
  path: "/queues",
  component: lazyRouteComponent(() => import("@/queues/QueueWall"), "QueueWall"),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  component: lazyRouteComponent(() => import("@/jobs/JobsPage"), "JobsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, inbox.addChildren([ticket]), link, queues, jobs]),
  defaultPreload: "intent",
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
