// One exchange in full: what came, what each mapping made of it, who was asked, what went back.

import * as api from "./api.js";
import { byId, fill, h } from "./dom.js";
import { badge, body, clock, code, eventParts, took } from "./text.js";

export class Detail {
  constructor({ onOpen, onClose, onAgain }) {
    this.panel = byId("panel-detail");
    this.onOpen = onOpen;
    this.onClose = onClose;
    this.onAgain = onAgain;
    this.number = null;
    this.idle();
  }

  idle() {
    this.number = null;
    fill(this.panel, h("p", { class: "hint" }, "Choose a line of the list to see its route, its mappings, and what went to and fro."));
  }

  async show(number, reveal = false) {
    this.number = number;
    try {
      const detail = await api.exchange(number, reveal);
      if (this.number === number) this.draw(detail);
    } catch (error) {
      if (this.number === number) fill(this.panel, h("p", { class: "hint" }, error.message));
    }
    this.onOpen();
  }

  draw(detail) {
    const reveal = () => this.show(detail.number, true);
    const [verb, rest] = eventParts(detail.event);
    const mapped = new Set(
      detail.requestMappings.rows.map((row) => /header\.(.+)$/iu.exec(row.destination)?.[1].toLowerCase()).filter(Boolean),
    );
    const reasons = [detail.reason, ...detail.notes].filter(Boolean);
    const again = detail.protocol !== "WEBSOCKET" && detail.request !== null;
    fill(
      this.panel,
      h(
        "header",
        { class: "headline" },
        h("h2", {}, badge(detail.status, Boolean(detail.reason)), h("b", {}, verb), h("span", { class: "mono" }, rest)),
        h("button", { class: "close", type: "button", "aria-label": "Close", onclick: this.onClose }, "×"),
      ),
      facts(detail),
      reasons.length > 0 &&
        h("div", { class: `callout ${detail.status === null || detail.status >= 500 ? "bad" : "warn"}` }, reasons.map((reason) => h("p", {}, reason))),
      timing(detail),
      h(
        "p",
        { class: "actions" },
        again && h("button", { type: "button", onclick: () => this.onAgain(detail) }, "Edit and send again"),
        detail.masked && h("button", { type: "button", onclick: reveal }, "Show masked values"),
      ),
      detail.request && section("Client sent", request(detail, reveal)),
      mappings("Request mappings", detail.requestMappings, reveal),
      detail.sent && section(sentTitle(detail), sent(detail.sent, mapped, reveal)),
      detail.answered && section(answeredTitle(detail), answer(detail.answered, reveal)),
      mappings("Response mappings", detail.responseMappings, reveal),
      got(detail, reveal),
    );
    this.panel.scrollTop = 0;
  }
}

function facts(detail) {
  const rows = [
    ["API", `${detail.api} · ${detail.protocol}`],
    ["Stage", detail.stage],
    ["Route", detail.routeKey ?? "none"],
    ["Answered by", detail.target],
    ["Connection", detail.connectionId],
    ["At", clock(detail.at)],
  ].filter(([, value]) => value !== null);
  return h("dl", { class: "facts" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function timing(detail) {
  const total = detail.milliseconds;
  const integration = Math.min(detail.answeredMilliseconds ?? 0, total);
  const part = total > 0 ? (integration / total) * 100 : 0;
  const bar = h("span", { class: "integration" });
  bar.style.width = `${part}%`;
  const words =
    detail.answeredMilliseconds === null
      ? `${took(total)} in the gateway`
      : `${took(total)}: ${took(integration)} at ${detail.target ?? "the integration"}, ${took(total - integration)} in the gateway`;
  return h("div", { class: "timing" }, h("div", { class: "track", "aria-hidden": "true" }, bar), h("p", {}, words));
}

function section(title, ...content) {
  return h("details", { class: "section", open: true }, h("summary", {}, title), ...content);
}

function value(text, reveal) {
  if (text !== null) return h("span", { class: "value" }, text);
  return h("button", { class: "mask", type: "button", title: "Show", "aria-label": "Masked; show it", onclick: reveal }, "•••");
}

function pairs(rows, reveal, mapped = new Set()) {
  if (rows.length === 0) return null;
  return h(
    "table",
    { class: "pairs" },
    h(
      "tbody",
      {},
      rows.map(([name, text]) =>
        h(
          "tr",
          { class: mapped.has(name.toLowerCase()) ? "mapped" : null },
          h("th", { scope: "row" }, name),
          h("td", {}, value(text, reveal), mapped.has(name.toLowerCase()) && h("em", {}, "mapped")),
        ),
      ),
    ),
  );
}

function request(detail, reveal) {
  const { path, query, headers, pathParameters, body: sentBody, context, stageVariables } = detail.request;
  const parameters = Object.entries(pathParameters);
  return [
    detail.protocol !== "WEBSOCKET" && h("p", { class: "line" }, `${eventParts(detail.event)[0]} ${path}`),
    parameters.length > 0 && more(`Path variables (${parameters.length})`, pairs(parameters, reveal), true),
    query.length > 0 && more(`Query (${query.length})`, pairs(query, reveal), true),
    headers.length > 0 && more(`Headers (${headers.length})`, pairs(headers, reveal), false),
    body(sentBody),
    context.length > 0 && more(`$context (${context.length})`, pairs(context, reveal), false),
    stageVariables.length > 0 && more(`Stage variables (${stageVariables.length})`, pairs(stageVariables, reveal), false),
  ];
}

function more(title, content, open) {
  return content && h("details", { class: "more", open }, h("summary", {}, title), content);
}

function mappings(title, given, reveal) {
  if (given.rows.length === 0 && given.problem === null) return null;
  return section(
    title,
    given.problem !== null && h("p", { class: "callout bad" }, given.problem),
    h(
      "table",
      { class: "mappings" },
      h("thead", {}, h("tr", {}, ["Destination", "Expression", "Value"].map((name) => h("th", { scope: "col" }, name)))),
      h(
        "tbody",
        {},
        given.rows.map((row) =>
          h(
            "tr",
            { class: missing(row) ? "missing" : null },
            h("td", {}, breakable(row.destination)),
            h("td", {}, breakable(row.source)),
            h("td", {}, came(row, reveal)),
          ),
        ),
      ),
    ),
  );
}

// A long name breaks after its dots rather than amid a word.
function breakable(text) {
  return text.split(/(?<=[.:])/u).flatMap((part) => [part, h("wbr")]);
}

const removes = (row) => row.destination.startsWith("remove:");
const missing = (row) => row.values !== null && row.values.length === 0 && !removes(row);

function came(row, reveal) {
  if (row.values === null) return value(null, reveal);
  if (removes(row)) return h("i", {}, "removed");
  if (row.values.length === 0) return h("i", {}, "missing");
  return row.values.map((text) => (text === "" ? h("i", {}, "empty") : h("span", { class: "value" }, text)));
}

function sentTitle(detail) {
  if ("function" in detail.sent) return `Function ${detail.sent.function} got`;
  return `${detail.target ?? "The integration"} received`;
}

function sent(given, mapped, reveal) {
  if ("function" in given) return h("div", { class: "code" }, code(JSON.stringify(given.event)));
  return [
    h("p", { class: "line" }, `${given.method} ${given.target}`),
    more(`Headers (${given.headers.length})`, pairs(given.headers, reveal, mapped), true),
    body(given.body),
  ];
}

function answeredTitle(detail) {
  return `${detail.target ?? "The integration"} answered`;
}

function answer(given, reveal) {
  return [
    given.status !== null && h("p", { class: "line" }, badge(given.status)),
    given.headers.length > 0 && more(`Headers (${given.headers.length})`, pairs(given.headers, reveal), false),
    body(given.body),
  ];
}

function got(detail, reveal) {
  const { client } = detail;
  const isEvent = detail.protocol === "WEBSOCKET" && detail.connectionId !== null;
  if (isEvent && client.headers.length === 0 && client.body.size === 0) {
    return detail.event.startsWith("MESSAGE") ? section("Client got", h("p", { class: "none" }, "no frame")) : null;
  }
  return section("Client got", answer(isEvent ? { ...client, status: null } : client, reveal));
}
