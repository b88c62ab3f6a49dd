// Generated from the OpenAPI document by `npm run api`. Do not edit.

export interface paths {
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in.
         * @description Unknown organisation, unknown address, wrong password and disabled account give the same answer in the same time.
         */
        post: operations["auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out.
         * @description Ends the session of the refresh token in the body or cookie, else that of the access token; its sockets are cut.
         */
        post: operations["auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for the next pair.
         * @description A token is good once. The same one again within 10 s gives the same successor, for a client whose answer was lost;
         *     later it ends the session. Browsers send nothing: their token is in the cookie.
         */
        post: operations["auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages of a conversation, the oldest first: the last ones, or those after or before one. */
        get: operations["conversations_messages"];
        put?: never;
        /**
         * Post a message.
         * @description With a `client_id`, sending it again stores nothing and gives the same message. `then` moves the ticket in the
         *     same step. While the database is away, a message with a `client_id` and no more may be kept: it is not acknowledged,
         *     and must be sent again until it is stored or refused.
         */
        post: operations["conversations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark a conversation as read up to a message. A mark never goes back. */
        post: operations["conversations_mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, the newest first. */
        get: operations["operations_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a job tried again.
         * @description One that is dead gets all its attempts back; one that waits for its next attempt is due now.
         */
        post: operations["operations_retry_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jobs that are not tried any more, the newest first. */
        get: operations["operations_dead_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the jobs stand. */
        get: operations["operations_job_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I, and what may I do? */
        get: operations["me_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Choose one's availability.
         * @description It persists. One is given work while one chose `online` and is connected.
         */
        put: operations["me_set_availability"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's notifications, the newest first, and how many are unread. */
        get: operations["notifications_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark notifications as read: some, or all up to one.
         * @description Give exactly one of `up_to` and `ids`. What is read already stays as it is; one's other screens hear
         *     `notification:read`.
         */
        post: operations["notifications_mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the queues stand that one may know of. */
        get: operations["queues_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{team}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the next ticket of a queue. */
        post: operations["queues_take_next"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sla/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The policies in their order: the first that fits a ticket counts, the default stands last. */
        get: operations["sla_policies"];
        put?: never;
        /**
         * Add a policy.
         * @description By it is judged what is opened or promised anew from now; clocks that run keep theirs.
         */
        post: operations["sla_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sla/policies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One policy as it counts now. */
        get: operations["sla_get"];
        put?: never;
        post?: never;
        /**
         * Take a policy out of use.
         * @description It promises nothing new. Its versions stay, and clocks that run keep theirs.
         */
        delete: operations["sla_retire"];
        options?: never;
        head?: never;
        /**
         * Change a policy: a new version.
         * @description Clocks that run keep the version they began with, until priority or tier of their ticket changes.
         */
        patch: operations["sla_change"];
        trace?: never;
    };
    "/v1/sla/policies/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of a policy, the newest first; also of one that is out of use. */
        get: operations["sla_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All teams with their members. */
        get: operations["teams_list"];
        put?: never;
        /** Add a team, with an empty queue. */
        post: operations["teams_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One team. */
        get: operations["teams_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a team.
         * @description A new rule counts from the next decision, which names its version.
         */
        patch: operations["teams_change"];
        trace?: never;
    };
    "/v1/teams/{id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Make a member of staff a member of a team, or change their role in it. */
        put: operations["teams_put_member"];
        post?: never;
        /**
         * End a membership.
         * @description The person keeps what is assigned to them.
         */
        delete: operations["teams_remove_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tickets that one may know of. */
        get: operations["tickets_list"];
        put?: never;
        /**
         * Open a ticket.
         * @description It waits in its team's queue at once. Staff say for whom; customers open for themselves.
         */
        post: operations["tickets_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One ticket. */
        get: operations["tickets_get"];
        put?: never;
        post?: never;
        /** Delete a ticket, softly: nobody finds it any more, its history stays. */
        delete: operations["tickets_delete"];
        options?: never;
        head?: never;
        /**
         * Change a ticket.
         * @description With `If-Match`, only if nobody changed it since.
         */
        patch: operations["tickets_change"];
        trace?: never;
    };
    "/v1/tickets/{id}/assignee": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a ticket to somebody, or back to its queue.
         * @description Their limit may be exceeded by hand; the decision says so.
         */
        put: operations["tickets_assign"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a ticket was given to whom: its decisions, the newest first. */
        get: operations["tickets_assignments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a ticket for oneself. */
        post: operations["tickets_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/sla": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clocks of a ticket, the oldest first, with their verdicts. */
        get: operations["sla_clocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to a ticket, the oldest first, as far as one may know. */
        get: operations["tickets_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many active tickets each tab holds. */
        get: operations["tickets_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List people, in the order of their making. */
        get: operations["users_list"];
        put?: never;
        /** Add a person. */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person. */
        get: operations["users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a person.
         * @description A new role counts within seconds, for sockets too. Disabling ends all their sessions.
         */
        patch: operations["users_change"];
        trace?: never;
    };
    "/v1/users/{id}/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say how much a person may carry.
         * @description What they carry beyond a lower limit they keep.
         */
        put: operations["users_set_capacity"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The worker processes as they report themselves: figures of processes, of no organisation. */
        get: operations["operations_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who did something. */
        Actor: {
            /**
             * Format: uuid
             * @description The person.
             */
            id?: string | null;
            /** @description A person or a part of Baton. */
            kind: components["schemas"]["ActorKind"];
            /** @description The person's name then, or the part's. */
            name: string;
            role?: components["schemas"]["Role"] | null;
        };
        /**
         * @description What acted.
         * @enum {string}
         */
        ActorKind: "user" | "system";
        /** @description Whose basket a ticket goes to. */
        Assign: {
            /**
             * Format: uuid
             * @description The person; `null` puts it back into its queue.
             */
            user_id: string | null;
        };
        /** @enum {string} */
        Availability: "online" | "busy" | "away" | "offline";
        /** @description How much a person may carry. */
        Capacity: {
            /**
             * Format: int32
             * @description Units of work.
             */
            units: number;
        };
        /** @enum {string} */
        Channel: "portal" | "widget" | "email" | "api" | "manual";
        /** @description What a person chooses for themselves. */
        ChosenAvailability: {
            /** @description The choice; it persists until they choose otherwise. */
            status: components["schemas"]["Availability"];
        };
        /** @description One measurement of one promise to one ticket. */
        Clock: {
            /**
             * Format: date-time
             * @description When the promise broke: its due time.
             */
            breached_at?: string | null;
            /**
             * Format: date-time
             * @description When that was noticed.
             */
            detected_at?: string | null;
            /**
             * Format: date-time
             * @description When the promise breaks; of a paused clock, as it stood when it paused.
             */
            due_at: string;
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /**
             * Format: date-time
             * @description When what was promised was done, in time or not.
             */
            met_at?: string | null;
            /** @description What it measures. */
            metric: components["schemas"]["Metric"];
            /**
             * Format: date-time
             * @description Since when it stands still.
             */
            paused_at?: string | null;
            /**
             * Format: int64
             * @description How long it has stood still, without a pause that is still going on.
             */
            paused_seconds: number;
            /** @description The policy it is judged by. */
            policy: components["schemas"]["PolicyRef"];
            /**
             * Format: date-time
             * @description When it began.
             */
            started_at: string;
            /** @description How it stands. A verdict (`met`, `breached`, `cancelled`) never changes. */
            state: components["schemas"]["ClockState"];
            /**
             * Format: date-time
             * @description When it warned.
             */
            warned_at?: string | null;
        };
        /** @description A clock as it is after it warned or broke. */
        ClockData: {
            /** @description The clock. */
            clock: components["schemas"]["Clock"];
        };
        /** @enum {string} */
        ClockState: "running" | "paused" | "met" | "breached" | "cancelled";
        /** @enum {string} */
        Code: "invalid" | "unauthenticated" | "invalid_credentials" | "invalid_token" | "expired_token" | "reused_token" | "revoked_session" | "forbidden" | "not_found" | "method_not_allowed" | "timeout" | "conflict" | "illegal_transition" | "closed" | "already_assigned" | "not_active" | "taken" | "in_progress" | "stale" | "too_large" | "unsupported_media_type" | "idempotency_mismatch" | "client_id_mismatch" | "rate_limited" | "internal" | "unavailable";
        /** @description Active tickets as the tabs count them. */
        Counts: {
            /**
             * Format: int64
             * @description All of them.
             */
            all: number;
            /** @description The feed's cursor up to which everything is counted: later events come on top. */
            as_of: string;
            /**
             * Format: int64
             * @description Assigned to the reader.
             */
            mine: number;
            /**
             * Format: int64
             * @description Waiting in the queues that the reader may know of: their teams', or all.
             */
            team_queue: number;
            /**
             * Format: int64
             * @description Assigned to nobody.
             */
            unassigned: number;
            /**
             * Format: int64
             * @description Waiting for staff to answer.
             */
            waiting: number;
        };
        /** @description An assignment decision as it was made. */
        Decision: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Everybody's verdict: the eligible by rank, then the others. */
            candidates: components["schemas"]["Verdict"][];
            /**
             * Format: uuid
             * @description Who got it; nobody if it went back to the queue.
             */
            chosen?: string | null;
            chosen_user?: components["schemas"]["Person"] | null;
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description Whether it went beyond the person's limit, which only people may do. */
            over_limit: boolean;
            /** @description How the team chose. */
            policy: components["schemas"]["Policy"];
            /**
             * Format: int64
             * @description The version of the team's rule.
             */
            policy_version: number;
            /**
             * Format: uuid
             * @description The ticket.
             */
            ticket_id: string;
            /** @description What made it be taken. */
            trigger: components["schemas"]["Trigger"];
            /**
             * Format: int64
             * @description How long the ticket had waited.
             */
            waited_ms: number;
        };
        /** @description An event as one audience hears it. */
        Event: {
            /** @description Who did it. */
            actor: components["schemas"]["Actor"];
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Format: uuid
             * @description The conversation it is about.
             */
            conversation_id?: string | null;
            /** @description Where in the feed it stands: to resume after it. Left out of timelines. */
            cursor?: string | null;
            /** @description Enough to bring a screen up to date; its shape follows from `type`. */
            data: components["schemas"]["EventData"];
            /**
             * Format: uuid
             * @description Which; the same for every audience.
             */
            id: string;
            /**
             * Format: uuid
             * @description The ticket it is about.
             */
            ticket_id?: string | null;
            /** @description What happened: `ticket:updated`. */
            type: string;
        };
        /** @description What an event carries, by its `type`. */
        EventData: components["schemas"]["MessageData"] | components["schemas"]["TicketData"] | components["schemas"]["RemovedData"] | components["schemas"]["ReadData"] | components["schemas"]["ClockData"] | components["schemas"]["Notification"] | components["schemas"]["NotificationsRead"];
        /** @description One thing wrong with the input. */
        FieldError: {
            /** @description What is wrong and what would be right. */
            detail: string;
            /**
             * @description Where: a JSON pointer (RFC 6901) into the body, or `/name` of a parameter.
             * @example /requester/email
             */
            pointer: string;
        };
        /** @description A job of the organisation. */
        Job: {
            /**
             * Format: int32
             * @description Attempts so far.
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was done or dead.
             */
            finished_at?: string | null;
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description What it does. */
            kind: components["schemas"]["JobKind"];
            /** @description Why the last attempt failed. */
            last_error?: string | null;
            /**
             * Format: int32
             * @description How many there may be.
             */
            max_attempts: number;
            /**
             * Format: date-time
             * @description When it is or was to be tried.
             */
            run_at: string;
            /** @description How it stands. */
            state: components["schemas"]["JobState"];
        };
        /** @enum {string} */
        JobKind: "mail";
        /** @enum {string} */
        JobState: "ready" | "running" | "done" | "dead";
        /** @description How many jobs there are. */
        JobStats: {
            /**
             * Format: int64
             * @description That are not tried any more; kept for thirty days.
             */
            dead: number;
            /**
             * Format: int64
             * @description That had their effect; kept for seven days.
             */
            done: number;
            /**
             * Format: int64
             * @description How long the longest due waits for a worker; `null` when none is due.
             */
            oldest_due_seconds?: number | null;
            /**
             * Format: int64
             * @description That wait for their time, or for a worker.
             */
            ready: number;
            /**
             * Format: int64
             * @description That a worker is at.
             */
            running: number;
        };
        /** @description A sign-in by password. */
        Login: {
            /**
             * @description Address.
             * @example ana@example.org
             */
            email: string;
            /**
             * @description The organisation's short name.
             * @example demo
             */
            organization: string;
            /**
             * Format: password
             * @description Password.
             */
            password: string;
            /** @description How the refresh token is to travel. */
            transport?: components["schemas"]["Transport"];
        };
        /** @description Which notifications were read: exactly one of the two. */
        MarkNotifications: {
            /** @description These; what is not the reader's own is passed over. */
            ids?: string[] | null;
            /**
             * Format: uuid
             * @description This one and all that came before it: the newest one shown, to mark all.
             */
            up_to?: string | null;
        };
        /** @description The signed-in person, with what their screens need to know. */
        Me: {
            availability?: components["schemas"]["Availability"] | null;
            /** @description Whether they may be given work now: chose `online` and are here; `null` for customers. */
            available?: boolean | null;
            /** @description Address. */
            email: string;
            /**
             * Format: uuid
             * @description Who.
             */
            id: string;
            /** @description Display name. */
            name: string;
            /** @description What the role allows. */
            permissions: components["schemas"]["Permission"][];
            /** @description Role. */
            role: components["schemas"]["Role"];
            /** @description The teams they are in. */
            teams: string[];
            /**
             * Format: int32
             * @description Units of work they may carry; `null` for customers.
             */
            units_limit?: number | null;
            /**
             * Format: int32
             * @description Units of work they carry; `null` for customers.
             */
            units_used?: number | null;
        };
        /** @description A member of a team. */
        Member: {
            /** @description Their role in the team. */
            role: components["schemas"]["MemberRole"];
            /** @description Who. */
            user: components["schemas"]["Person"];
        };
        /** @description A place in a team. */
        MemberPut: {
            /** @description Their role in the team. */
            role: components["schemas"]["MemberRole"];
        };
        /** @enum {string} */
        MemberRole: "leader" | "member";
        /** @description A message as one audience sees it. */
        Message: {
            /** @description Its files; none for now. */
            attachments: Record<string, never>[];
            /** @description Who wrote it. */
            author: components["schemas"]["Person"];
            /** @description Its text. */
            body: string;
            /** @description The sender's own name for it. */
            client_id?: string | null;
            /**
             * Format: uuid
             * @description Its conversation.
             */
            conversation_id: string;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description Who sees it. */
            kind: components["schemas"]["MessageKind"];
            /**
             * Format: int64
             * @description Its number in the conversation as the reader sees it: 1, 2, 3 … without gaps.
             */
            seq: number;
        };
        /** @description A message, and what it did to its ticket. */
        MessageData: components["schemas"]["Message"] & {
            /** @description What it did to its ticket without moving the version. */
            ticket: components["schemas"]["TicketEffect"];
        };
        /** @enum {string} */
        MessageKind: "reply" | "note";
        /** @description Messages in `seq` order. */
        Messages: {
            /** @description The messages, the oldest first. */
            items: components["schemas"]["Message"][];
            /**
             * Format: int64
             * @description The number of messages in the conversation, as the reader sees it.
             */
            last_seq: number;
            /** @description Whether there are more in the direction that was asked for. */
            more: boolean;
            /** @description `null`: messages are paged by `after_seq` and `before_seq`. */
            next_cursor?: string | null;
            /** @description Up to where people have read: everybody for staff, staff and oneself for customers. */
            read_marks: components["schemas"]["ReadBy"][];
        };
        /** @enum {string} */
        Metric: "first_response" | "resolution";
        /** @description A message to send. */
        NewMessage: {
            /** @description Its text. */
            body: string;
            /** @description The sender's own name for it: sent again with the same one, it is stored once. */
            client_id?: string | null;
            kind?: components["schemas"]["MessageKind"] | null;
            then?: components["schemas"]["Then"] | null;
        };
        /** @description A policy to add. One without `tiers` and `priorities` is the default, of which there is one. */
        NewSlaPolicy: {
            /** @description What follows a breach, in order. */
            escalation?: components["schemas"]["SlaStep"][];
            /** @description Its name. */
            name: string;
            /**
             * Format: int32
             * @description Its place, the lowest first; behind the others if left out.
             */
            position?: number | null;
            /** @description Only for tickets of these priorities. */
            priorities?: components["schemas"]["Priority"][];
            /** @description What is promised; of each metric the first that fits counts. */
            targets: components["schemas"]["SlaTarget"][];
            /** @description Only for tickets of these tiers. */
            tiers?: components["schemas"]["Tier"][];
            /**
             * Format: int32
             * @description Warns when so much of the time is used up, in percent; never if left out.
             */
            warn_percent?: number | null;
        };
        /** @description A new team. */
        NewTeam: {
            /** @description Its name. */
            name: string;
            policy?: components["schemas"]["Policy"] | null;
            receives?: components["schemas"]["Receives"] | null;
            /**
             * @description Its short name in addresses: small letters, digits and dashes.
             * @example support
             */
            slug: string;
        };
        /** @description A ticket to open. */
        NewTicket: {
            /** @description Its first message. */
            body?: string | null;
            channel?: components["schemas"]["Channel"] | null;
            /** @description The organisation's own fields; customers do not see them. */
            custom_fields?: Record<string, never> | null;
            /**
             * Format: uuid
             * @description The closed ticket that it follows.
             */
            follow_up_of?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            requester?: components["schemas"]["Requester"] | null;
            /** @description What it is about. */
            subject: string;
            /** @description Labels; customers do not see them. */
            tags?: string[];
            /**
             * @description Slug or id of the team it goes to; the organisation's default team if left out.
             * @example support
             */
            team?: string | null;
        };
        /** @description A new person. */
        NewUser: {
            /**
             * @description Address.
             * @example ana@example.org
             */
            email: string;
            /** @description Display name. */
            name: string;
            /**
             * Format: password
             * @description First password; without one they cannot sign in by password.
             */
            password?: string | null;
            /** @description Role. */
            role: components["schemas"]["Role"];
            tier?: components["schemas"]["Tier"] | null;
            /**
             * Format: int32
             * @description Units of work they may carry; of meaning for staff.
             */
            units_limit?: number | null;
        };
        /** @description What somebody was told. */
        Notification: {
            /** @description Who caused it. */
            actor: components["schemas"]["Actor"];
            clock?: components["schemas"]["NotifiedClock"] | null;
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description Why. */
            kind: components["schemas"]["NotificationKind"];
            /**
             * Format: date-time
             * @description When it was read.
             */
            read_at?: string | null;
            /** @description What the ticket was about then. */
            subject: string;
            /**
             * Format: uuid
             * @description About which ticket.
             */
            ticket_id: string;
            /**
             * Format: int64
             * @description The ticket's number.
             */
            ticket_number: number;
        };
        /** @enum {string} */
        NotificationKind: "assigned" | "sla_warning" | "sla_breached" | "escalated";
        /** @description A page of the reader's notifications, the newest first. */
        NotificationPage: {
            /** @description The rows. */
            items: components["schemas"]["Notification"][];
            /** @description Where the next page begins; `null` on the last one. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many the reader has not read, of all.
             */
            unread: number;
        };
        /** @description Notifications that were read, here or on another screen of the same person. */
        NotificationsRead: {
            /** @description Those that had not been read before. */
            ids: string[];
            /**
             * Format: date-time
             * @description When.
             */
            read_at: string;
        };
        /** @description The clock that somebody was told of. */
        NotifiedClock: {
            /**
             * Format: date-time
             * @description When its promise breaks, or broke.
             */
            due_at: string;
            /** @description What it measures. */
            metric: components["schemas"]["Metric"];
        };
        /** @description A page of a list. */
        Page_Clock: {
            /** @description The rows. */
            items: components["schemas"]["Clock"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Decision: {
            /** @description The rows. */
            items: components["schemas"]["Decision"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Event: {
            /** @description The rows. */
            items: components["schemas"]["Event"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Job: {
            /** @description The rows. */
            items: components["schemas"]["Job"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Queue: {
            /** @description The rows. */
            items: components["schemas"]["Queue"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_SlaPolicy: {
            /** @description The rows. */
            items: components["schemas"]["SlaPolicy"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Team: {
            /** @description The rows. */
            items: components["schemas"]["Team"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Ticket: {
            /** @description The rows. */
            items: components["schemas"]["Ticket"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_User: {
            /** @description The rows. */
            items: components["schemas"]["User"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Worker: {
            /** @description The rows. */
            items: components["schemas"]["Worker"][];
            /** @description Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort. */
            next_cursor?: string | null;
        };
        /**
         * @description A message that is kept while the database is away, and not stored yet: send it again under the same `client_id`, and
         *     none that comes after it, until it is stored or refused.
         */
        Pending: {
            /** @description The sender's name for it. */
            client_id: string;
            /** @description Always true. */
            pending: boolean;
        };
        /** @enum {string} */
        Permission: "tickets.view" | "tickets.view_all" | "tickets.create" | "tickets.create_for" | "tickets.update" | "tickets.assign" | "tickets.claim" | "tickets.delete" | "messages.reply" | "messages.note" | "assignments.view" | "queues.view" | "workers.view" | "jobs.view" | "jobs.manage" | "availability.set" | "users.view" | "users.manage" | "teams.view" | "teams.manage" | "sla.view" | "sla.manage" | "self.manage";
        /** @description A person as they stand beside a ticket or message. */
        Person: {
            /** @description Address; staff only. */
            email?: string | null;
            /**
             * Format: uuid
             * @description Who.
             */
            id: string;
            /** @description Display name. */
            name: string;
            /** @description Role. */
            role: components["schemas"]["Role"];
        };
        /** @enum {string} */
        Policy: "most_free" | "fewest_open" | "longest_idle";
        /** @description A version of a policy, as it stands beside a clock. */
        PolicyRef: {
            /**
             * Format: uuid
             * @description Which policy.
             */
            id: string;
            /** @description Its name in that version. */
            name: string;
            /**
             * Format: int64
             * @description Which version.
             */
            version: number;
        };
        /** @enum {string} */
        Priority: "low" | "normal" | "high" | "urgent";
        /** @description An answer that is not the one hoped for (RFC 9457). */
        Problem: {
            /** @description With `illegal_transition`: the statuses that the ticket may move to. */
            allowed?: components["schemas"]["Status"][] | null;
            /** @description What went wrong, for a program. */
            code: components["schemas"]["Code"];
            /** @description What went wrong this time, for a person. */
            detail: string;
            /** @description Everything that is wrong with the input. */
            errors?: components["schemas"]["FieldError"][];
            /** @description With `closed`: whether a ticket with `follow_up_of` may be opened instead. */
            follow_up?: boolean | null;
            /** @description The path that was asked for. */
            instance?: string | null;
            /** @description The request, as our logs name it. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            ticket?: components["schemas"]["Ticket"] | null;
            /** @description What the code means. */
            title: string;
            /**
             * @description Where the code is explained.
             * @example urn:baton:problem:invalid
             */
            type: string;
        };
        /** @description How a team's queue stands. */
        Queue: {
            /**
             * Format: int64
             * @description How long the oldest has waited.
             */
            oldest_waiting_seconds?: number | null;
            /**
             * Format: int64
             * @description People who could be given work if they had units free.
             */
            online: number;
            /** @description The people who receive the team's tickets. */
            people: components["schemas"]["QueuePerson"][];
            /** @description The team. */
            team: components["schemas"]["TeamRef"];
            /**
             * Format: int64
             * @description Units that those people have free.
             */
            units_free: number;
            /**
             * Format: int64
             * @description Tickets waiting.
             */
            waiting: number;
        };
        /** @description Somebody who receives a team's tickets. */
        QueuePerson: {
            /** @description What they chose. */
            availability: components["schemas"]["Availability"];
            /** @description Whether they chose `online` and are here, so that they may be given work. */
            available: boolean;
            /**
             * Format: int32
             * @description Units they may carry.
             */
            units_limit: number;
            /**
             * Format: int32
             * @description Units they carry.
             */
            units_used: number;
            /** @description Who. */
            user: components["schemas"]["Person"];
        };
        /** @enum {string} */
        QueueState: "waiting" | "assigned" | "none";
        /** @description How far somebody has read. */
        ReadBy: {
            /**
             * Format: int64
             * @description The last message that they have read, as the reader counts.
             */
            seq: number;
            /**
             * Format: uuid
             * @description Who.
             */
            user_id: string;
        };
        /** @description How far somebody has read. */
        ReadData: {
            /**
             * Format: uuid
             * @description The conversation.
             */
            conversation_id: string;
            /**
             * Format: int64
             * @description Up to where, as the audience counts.
             */
            seq: number;
            /**
             * Format: uuid
             * @description Who.
             */
            user_id: string;
        };
        /** @description A read mark after it moved; it never moves back. */
        ReadMark: {
            /**
             * Format: uuid
             * @description The conversation.
             */
            conversation_id: string;
            /**
             * Format: int64
             * @description Up to where it is read.
             */
            read_seq: number;
        };
        /** @description Up to where one has read. */
        ReadUpTo: {
            /**
             * Format: int64
             * @description The last message's `seq`.
             */
            seq: number;
        };
        /** @enum {string} */
        Reason: "eligible" | "not_receiving" | "disabled" | "busy" | "away" | "offline" | "not_connected" | "no_units_free";
        /** @enum {string} */
        Receives: "leaders" | "all";
        /** @description A refresh token to exchange or to give back. Browsers leave it out: theirs is in the cookie. */
        Refresh: {
            /**
             * Format: password
             * @description The token.
             */
            refresh_token?: string | null;
        };
        /** @description All that is left of a ticket for those who may no longer know of it. */
        RemovedData: {
            /** @description Which. */
            ticket: components["schemas"]["RemovedTicket"];
        };
        /** @description A ticket that left the reader's sight. */
        RemovedTicket: {
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /**
             * Format: int64
             * @description The version at which it left.
             */
            version: number;
        };
        /** @description The customer of a ticket that staff open; unknown addresses become customers. */
        Requester: {
            /**
             * @description Address.
             * @example cleo@example.org
             */
            email: string;
            /** @description Name, for one who is not known yet. */
            name?: string | null;
            tier?: components["schemas"]["Tier"] | null;
        };
        /** @enum {string} */
        Role: "admin" | "supervisor" | "team_leader" | "agent" | "customer";
        /** @enum {string} */
        SlaAction: "raise" | "hand_to_supervisor" | "notify";
        /** @description A policy: what is promised to which tickets. The first that fits counts; the default stands last. */
        SlaPolicy: {
            /** @description What follows a breach, in order. */
            escalation: components["schemas"]["SlaStep"][];
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description Whether it fits every ticket; it stands last then. */
            is_default: boolean;
            /** @description Its name. */
            name: string;
            /**
             * Format: int32
             * @description Its place, the lowest first.
             */
            position: number;
            /** @description Only for tickets of these priorities; empty for all. */
            priorities: components["schemas"]["Priority"][];
            /** @description What is promised; of each metric the first that fits counts. */
            targets: components["schemas"]["SlaTarget"][];
            /** @description Only for tickets of these tiers; empty for all. */
            tiers: components["schemas"]["Tier"][];
            /**
             * Format: int64
             * @description Moves with every change; clocks name the one they are judged by.
             */
            version: number;
            /**
             * Format: int32
             * @description Warns when so much of the time is used up, in percent; `null`: never.
             */
            warn_percent?: number | null;
        };
        /** @description What to change of a policy; what is left out stays. The default stays the default. */
        SlaPolicyPatch: {
            /** @description What follows a breach, all of it. */
            escalation?: components["schemas"]["SlaStep"][] | null;
            /** @description Its name. */
            name?: string | null;
            /**
             * Format: int32
             * @description Its place.
             */
            position?: number | null;
            /** @description The priorities it is for, all of them. */
            priorities?: components["schemas"]["Priority"][] | null;
            /** @description What it promises, all of it. */
            targets?: components["schemas"]["SlaTarget"][] | null;
            /** @description The tiers it is for, all of them. */
            tiers?: components["schemas"]["Tier"][] | null;
            /**
             * Format: int32
             * @description When it warns; `null`: never.
             */
            warn_percent?: number | null;
        };
        /** @enum {string} */
        SlaRecipient: "assignee" | "leaders" | "supervisors";
        /** @description A step that follows a breach, once. */
        SlaStep: {
            /** @description What it does. */
            action: components["schemas"]["SlaAction"];
            /** @description Whose breach it follows. */
            metric: components["schemas"]["Metric"];
            /** @description Whom it tells; for `notify` alone. */
            whom?: components["schemas"]["SlaRecipient"][];
        };
        /** @description A promise for one metric. */
        SlaTarget: {
            /** @description What is promised. */
            metric: components["schemas"]["Metric"];
            priority?: components["schemas"]["Priority"] | null;
            /**
             * Format: int64
             * @description Within how many seconds.
             * @example 7200
             */
            seconds: number;
            tier?: components["schemas"]["Tier"] | null;
        };
        /** @enum {string} */
        Status: "new" | "open" | "waiting" | "on_hold" | "resolved" | "closed";
        /** @description A team with its members. */
        Team: {
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description Its members, by name. */
            members: components["schemas"]["Member"][];
            /** @description Its name. */
            name: string;
            /** @description How it chooses who gets a ticket. */
            policy: components["schemas"]["Policy"];
            /** @description Who of it receives tickets. */
            receives: components["schemas"]["Receives"];
            /** @description Its short name in addresses. */
            slug: string;
            /**
             * Format: int64
             * @description Moves with every change of the rule; decisions name the one they were made by.
             */
            version: number;
        };
        /** @description What may change of a team; what is left out stays. */
        TeamPatch: {
            /** @description Its name. */
            name?: string | null;
            policy?: components["schemas"]["Policy"] | null;
            receives?: components["schemas"]["Receives"] | null;
        };
        /** @description A team as it stands beside a ticket. */
        TeamRef: {
            /**
             * Format: uuid
             * @description Which.
             */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description Its short name in addresses. */
            slug: string;
        };
        /** @description What follows a message. */
        Then: {
            /** @description The status to move the ticket to. */
            status: components["schemas"]["Status"];
        };
        /** @description A ticket as one reader or one audience sees it. */
        Ticket: {
            assignee?: components["schemas"]["Person"] | null;
            /** @description Others who take part; none for now. */
            cc: components["schemas"]["Person"][];
            /** @description How it came in. */
            channel: components["schemas"]["Channel"];
            /**
             * Format: date-time
             * @description When it was opened.
             */
            created_at: string;
            /** @description The organisation's own fields; empty for customers. */
            custom_fields: Record<string, never>;
            /**
             * Format: int32
             * @description How often it was escalated; always 0 for customers.
             */
            escalation_level: number;
            /**
             * Format: uuid
             * @description The ticket that this one follows.
             */
            follow_up_of?: string | null;
            /**
             * Format: uuid
             * @description Which; its conversation's id too.
             */
            id: string;
            /**
             * Format: date-time
             * @description When the last message came that the reader may see.
             */
            last_activity_at: string;
            /**
             * Format: int64
             * @description The number of messages that the reader may see.
             */
            last_seq: number;
            /**
             * Format: int64
             * @description Its number in the organisation; gaps are possible.
             */
            number: number;
            /** @description Start of the last reply. */
            preview: string;
            /** @description How urgent. */
            priority: components["schemas"]["Priority"];
            /** @description Whether, since when and where it waits. */
            queue: components["schemas"]["TicketQueue"];
            /**
             * Format: int64
             * @description Up to where the reader has read; left out of events.
             */
            read_seq?: number | null;
            /** @description The customer. */
            requester: components["schemas"]["Person"];
            /**
             * Format: date-time
             * @description When it was last resolved.
             */
            resolved_at?: string | null;
            /** @description Its service-level clocks, the oldest first; none for customers. */
            sla: components["schemas"]["Clock"][];
            /** @description Where it is in its life. */
            status: components["schemas"]["Status"];
            /** @description What it is about. */
            subject: string;
            /** @description Labels; none for customers. */
            tags: string[];
            /** @description Whose queue it is in. */
            team: components["schemas"]["TeamRef"];
            /** @description The customer's tier; of a ticket that is over, as it was then. */
            tier: components["schemas"]["Tier"];
            /**
             * Format: int64
             * @description Messages that the reader has not read; left out of events, which go to many.
             */
            unread?: number | null;
            /**
             * Format: date-time
             * @description When anything last changed that the reader may see.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Moves with fields, status, assignee, team and clocks, never with a mere message.
             */
            version: number;
            /**
             * Format: date-time
             * @description The oldest message of the customer that nobody has answered, `null` if there is none; left out for customers.
             */
            waiting_since?: string | null;
        };
        /** @description A ticket as it is after a change; it replaces a copy of lower `version`. */
        TicketData: {
            /** @description Names of what changed. */
            changed: string[];
            /** @description The whole ticket as the audience may see it. */
            ticket: components["schemas"]["Ticket"];
        };
        /** @description What a message does to its ticket. */
        TicketEffect: {
            /**
             * Format: date-time
             * @description When the last message came that the audience may see.
             */
            last_activity_at: string;
            /**
             * Format: int64
             * @description The number of messages that the audience may see.
             */
            last_seq: number;
            /** @description Start of the last reply. */
            preview: string;
            /**
             * Format: date-time
             * @description When anything last changed that the audience may see.
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description The oldest unanswered message of the customer, `null` if there is none; left out for customers.
             */
            waiting_since?: string | null;
        };
        /** @description What to change of a ticket; what is left out stays. */
        TicketPatch: {
            /** @description The organisation's own fields to set; a member that is `null` is removed, what is left out stays. */
            custom_fields?: Record<string, never> | null;
            priority?: components["schemas"]["Priority"] | null;
            status?: components["schemas"]["Status"] | null;
            /** @description What it is about. */
            subject?: string | null;
            /** @description All its labels. */
            tags?: string[] | null;
            /** @description Slug or id of the team it is to go to. */
            team?: string | null;
        };
        /** @description A ticket's wait. */
        TicketQueue: {
            /**
             * Format: date-time
             * @description Since when it waits, or waited.
             */
            eligible_at?: string | null;
            /**
             * Format: int64
             * @description A forecast; `null` when there is none, left out of events.
             */
            expected_wait_seconds?: number | null;
            /**
             * Format: int64
             * @description Its place, 1 first; `null` when it does not wait or in lists, left out of events.
             */
            position?: number | null;
            /** @description Whether it waits. */
            state: components["schemas"]["QueueState"];
        };
        /** @enum {string} */
        Tier: "normal" | "vip";
        /** @description What a sign-in or an exchange gives. */
        Tokens: {
            /** @description For `Authorization: Bearer …`. */
            access_token: string;
            /**
             * Format: int64
             * @description How long the access token is good, in seconds.
             */
            expires_in: number;
            /** @description For the next exchange; left out when it travels as a cookie. */
            refresh_token?: string | null;
            /**
             * @description Always `Bearer`.
             * @example Bearer
             */
            token_type: string;
            /** @description Who signed in. */
            user: components["schemas"]["Person"];
        };
        /**
         * @description How the refresh token travels.
         * @enum {string}
         */
        Transport: "body" | "cookie";
        /** @enum {string} */
        Trigger: "queue" | "manual" | "claim" | "escalation" | "absence";
        /** @description What is left unread. */
        Unread: {
            /**
             * Format: int64
             * @description How many, of all.
             */
            unread: number;
        };
        /** @description A person as those who may list people see them. */
        User: {
            /**
             * Format: date-time
             * @description When the account was made.
             */
            created_at: string;
            /** @description Whether the account is disabled. */
            disabled: boolean;
            /** @description Address. */
            email: string;
            /**
             * Format: uuid
             * @description Who.
             */
            id: string;
            /** @description Display name. */
            name: string;
            /** @description Role. */
            role: components["schemas"]["Role"];
            /** @description Service tier; of meaning for customers. */
            tier: components["schemas"]["Tier"];
            /**
             * Format: int32
             * @description Units of work they may carry; `null` for customers.
             */
            units_limit?: number | null;
        };
        /** @description What may change of a person; what is left out stays. */
        UserPatch: {
            /** @description Whether the account is disabled; disabling ends every sign-in of theirs. */
            disabled?: boolean | null;
            /** @description Display name. */
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
            tier?: components["schemas"]["Tier"] | null;
        };
        /** @description What a decision says of one person. */
        Verdict: {
            /** @description Whether they could be given the ticket. */
            eligible: boolean;
            /**
             * Format: int32
             * @description Their place among the eligible, 1 first.
             */
            rank?: number | null;
            /** @description Why, or why not. */
            reason: components["schemas"]["Reason"];
            /**
             * Format: int32
             * @description Units they had free.
             */
            units_free: number;
            user?: components["schemas"]["Person"] | null;
            /**
             * Format: uuid
             * @description Who.
             */
            user_id: string;
        };
        /** @description A worker: figures of the process only. */
        Worker: {
            /**
             * Format: int64
             * @description Failed ticks since then.
             */
            errors: number;
            /**
             * @description What it knows of its work, at that time: how much waits (`…_waiting`, `…_due`, counted up to 10,000), for how
             *     long the oldest does (`…_seconds`), and the like. Most loops say nothing.
             */
            figures: {
                [key: string]: number;
            };
            /**
             * Format: uuid
             * @description One start of one loop of one process.
             */
            id: string;
            /**
             * Format: int64
             * @description Time between ticks now, in milliseconds.
             */
            interval_ms: number;
            /** @description Its loop: `assign`. */
            kind: string;
            /**
             * Format: date-time
             * @description When it last ticked.
             */
            last_tick_at?: string | null;
            /** @description The process: `baton-assigner`. */
            name: string;
            /**
             * Format: int64
             * @description Things done since then.
             */
            processed: number;
            /**
             * Format: date-time
             * @description When it last reported.
             */
            seen_at: string;
            /**
             * Format: date-time
             * @description When it started.
             */
            started_at: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: Organisation, address or password is wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Left out by browsers */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Refresh"] | null;
            };
        };
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `reused_token`: The refresh token was used before; its session is ended, sign in again. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Left out by browsers */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Refresh"] | null;
            };
        };
        responses: {
            /** @description The next pair */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `reused_token`: The refresh token was used before; its session is ended, sign in again. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_messages: {
        parameters: {
            query?: {
                /** @description Those after this `seq`, the oldest first. */
                after_seq?: number;
                /** @description Those before this `seq`: the nearest ones. */
                before_seq?: number;
                /** @description Most rows. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Messages"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description Had been stored before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Stored */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Kept while the database is away, not stored yet */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `closed`: The ticket is closed; open a follow-up. `illegal_transition`: The ticket cannot move to that status from where it is */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body. `client_id_mismatch`: The client_id was used for another message */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_mark_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadUpTo"];
            };
        };
        responses: {
            /** @description Where the mark is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadMark"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_jobs: {
        parameters: {
            query?: {
                /** @description Where the page begins: the `next_cursor` of the one before. */
                cursor?: string;
                /** @description Most rows. */
                limit?: number;
                /**
                 * @description States, separated by commas.
                 * @example ready,dead
                 */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Job"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_retry_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `conflict`: This does not go with how things stand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_dead_jobs: {
        parameters: {
            query?: {
                /** @description Where the page begins: the `next_cursor` of the one before. */
                cursor?: string;
                /** @description Most rows. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Job"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_job_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many there are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStats"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed-in person */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_set_availability: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChosenAvailability"];
            };
        };
        responses: {
            /** @description The signed-in person */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_list: {
        parameters: {
            query?: {
                /** @description Where the page begins, as the one before said. */
                cursor?: string;
                /** @description Most rows: 1 to 100, 20 if left out. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPage"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_mark_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkNotifications"];
            };
        };
        responses: {
            /** @description What is left */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unread"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    queues_queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Queue"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    queues_take_next: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The team's id or slug */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is yours */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Nothing waits */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `not_active`: The ticket is in no state in which somebody could work on it. `already_assigned`: The ticket is somebody else's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The ticket has changed since; the current one is attached */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_policies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SlaPolicy"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSlaPolicy"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlaPolicy"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `taken`: The name or address is somebody else's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The policy */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlaPolicy"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_retire: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The policy */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Out of use */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The policy */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SlaPolicyPatch"];
            };
        };
        responses: {
            /** @description The new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlaPolicy"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The policy */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SlaPolicy"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Team"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTeam"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `taken`: The name or address is somebody else's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id or slug */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TeamPatch"];
            };
        };
        responses: {
            /** @description The team as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_put_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team. */
                id: string;
                /** @description The person. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberPut"];
            };
        };
        responses: {
            /** @description The team as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team. */
                id: string;
                /** @description The person. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_list: {
        parameters: {
            query?: {
                /**
                 * @description Persons' ids, `me` or `none`, separated by commas.
                 * @example me
                 */
                assignee?: string;
                /** @description Where the page begins: the `next_cursor` of the one before. */
                cursor?: string;
                /** @description Only those that were, or were not, escalated; staff only. */
                escalated?: boolean;
                /** @description Opened at or after this time. */
                from?: string;
                /** @description Most rows. */
                limit?: number;
                /**
                 * @description Priorities, separated by commas.
                 * @example high,urgent
                 */
                priority?: string;
                /** @description A part of the subject, or the number. */
                q?: string;
                /**
                 * @description States of the wait (`waiting`, `assigned`, `none`), separated by commas.
                 * @example waiting
                 */
                queue?: string;
                /** @description Customers' ids, separated by commas. */
                requester?: string;
                /**
                 * @description Order: `updated_at`, `created_at`, `priority`, `sla_due_at` or `waiting_since`; a leading `-` turns it.
                 *     `-updated_at` if left out.
                 * @example -updated_at
                 */
                sort?: string;
                /**
                 * @description Statuses, separated by commas.
                 * @example new,open
                 */
                status?: string;
                /** @description Labels, separated by commas: those that carry any of them. */
                tag?: string;
                /** @description Slugs or ids of teams, separated by commas. */
                team?: string;
                /** @description Opened before this time. */
                to?: string;
                /** @description Only those whose customer does, or does not, wait for an answer; staff only. */
                waiting?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; queue positions are not worked out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Ticket"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_open: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTicket"];
            };
        };
        responses: {
            /** @description Opened */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket */
            200: {
                headers: {
                    /** @description Its version */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that one saw */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The ticket has changed since; the current one is attached */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_change: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that one saw */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketPatch"];
            };
        };
        responses: {
            /** @description The ticket as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `illegal_transition`: The ticket cannot move to that status from where it is */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The ticket has changed since; the current one is attached */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_assign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that one saw */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assign"];
            };
        };
        responses: {
            /** @description The ticket as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_active`: The ticket is in no state in which somebody could work on it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The ticket has changed since; the current one is attached */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_assignments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its decisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Decision"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_claim: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
                /** @description The ETag that one saw */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is yours */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `not_active`: The ticket is in no state in which somebody could work on it. `already_assigned`: The ticket is somebody else's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The ticket has changed since; the current one is attached */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sla_clocks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Clock"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_timeline: {
        parameters: {
            query?: {
                /** @description Where the page begins: the `next_cursor` of the one before. */
                cursor?: string;
                /** @description Most rows. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The ticket */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; it may hold fewer rows than asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Event"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tickets_counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_list: {
        parameters: {
            query?: {
                /** @description Where the page begins: the `next_cursor` of the one before. */
                cursor?: string;
                /** @description Most rows. */
                limit?: number;
                /**
                 * @description Roles, separated by commas.
                 * @example agent,team_leader
                 */
                role?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_User"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key within 24 h, the request is not done again: the first answer is given. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_progress`: A request with the same Idempotency-Key is still running. `taken`: The name or address is somebody else's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description The person as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_set_capacity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A member of staff */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Capacity"];
            };
        };
        responses: {
            /** @description The person as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here that you may know of */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The request came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Worker"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. `invalid_token`: The token is not one of ours. `expired_token`: The token has expired. `revoked_session`: The session was ended; sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests; wait as long as Retry-After says */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong here; report the request_id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
