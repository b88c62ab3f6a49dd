/** What is counted, in Prometheus' text. */
export class Metrics {
  #answers = new Map();
  #errors = new Map();

  /** One answer of `kind` (api, gateway or site). */
  answered(kind, status) {
    count(this.#answers, `{kind="${kind}",status="${Math.floor(status / 100)}xx"}`);
  }

  /** A service that was away or did not answer in time. */
  upstreamError(service) {
    count(this.#errors, `{service="${service}"}`);
  }

  /** @param {number} sockets Those open now. */
  text(sockets) {
    return [
      ...family("baton_web_answers_total", "counter", "Answers by what was asked and class of status", this.#answers),
      ...family("baton_web_upstream_errors_total", "counter", "Requests and sockets that a service failed", this.#errors),
      ...family("baton_web_sockets", "gauge", "Open websockets", new Map([["", sockets]])),
      "",
    ].join("\n");
  }
}

function count(values, labels) {
  values.set(labels, (values.get(labels) ?? 0) + 1);
}

const family = (name, type, help, values) => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...Array.from(values, ([labels, value]) => `${name}${labels} ${value}`),
];
