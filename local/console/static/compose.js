// A box to send an HTTP request from, through the front door of an API.

import * as api from "./api.js";
import { byId, field, fill, h, options } from "./dom.js";
import { badge, body, took } from "./text.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const MOST_REMEMBERED = 20;
const NOT_SENT_AGAIN = new Set(["connection", "content-length", "host", "transfer-encoding"]);

export function headerLines(pairs) {
  return pairs.map(([name, value]) => `${name}: ${value}`).join("\n");
}

export function readHeaders(text) {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => {
      const colon = line.indexOf(":");
      if (colon < 1) throw new Error(`a header must be "Name: value", got "${line}"`);
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    });
}

export class Compose {
  constructor() {
    this.apis = [];
    this.remembered = [];
    this.api = h("select", { id: "http-api", onchange: () => this.examples() });
    this.example = h("select", { id: "http-example", onchange: () => this.take() });
    this.method = h("select", { id: "http-method", "aria-label": "Method" }, METHODS.map((name) => h("option", { value: name }, name)));
    this.path = h("input", { id: "http-path", "aria-label": "Path", spellcheck: "false", autocomplete: "off", value: "/" });
    this.headers = h("textarea", { id: "http-headers", rows: "3", spellcheck: "false", placeholder: "Accept: application/json" });
    this.body = h("textarea", { id: "http-body", rows: "5", spellcheck: "false" });
    this.send = h("button", { id: "http-send", class: "primary", type: "submit" }, "Send");
    this.history = h("select", { id: "http-history", onchange: () => this.recall() });
    this.answer = h("div", { id: "http-answer", class: "answer", role: "status" });
    const form = h(
      "form",
      { class: "compose" },
      h("div", { class: "two" }, field("API", this.api), field("Example", this.example)),
      h("div", { class: "request" }, this.method, this.path, this.send),
      field("Headers", this.headers),
      field("Body", this.body),
      field("Sent before", this.history),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    fill(byId("panel-http"), form, this.answer);
    this.draw();
  }

  served(apis) {
    this.apis = apis.filter((one) => one.protocol !== "WEBSOCKET");
    const chosen = this.api.value;
    options(this.api, this.apis.map((one) => [one.name, one.name]), chosen);
    this.examples(chosen === this.api.value && chosen !== "");
  }

  examples(keep = false) {
    const found = this.apis.find((one) => one.name === this.api.value)?.requests ?? [];
    options(this.example, found.map((one, index) => [String(index), one.label]));
    if (!keep) this.take();
  }

  take() {
    const found = this.apis.find((one) => one.name === this.api.value)?.requests[Number(this.example.value)];
    if (found) this.put(found.method, found.path, found.headers, found.body);
  }

  put(method, path, headers, text) {
    if (![...this.method.options].some((option) => option.value === method)) this.method.append(h("option", { value: method }, method));
    this.method.value = method;
    this.path.value = path;
    this.headers.value = headerLines(headers);
    this.body.value = text;
  }

  // The request of an exchange, to be changed and sent again.
  again(detail) {
    this.api.value = detail.api;
    this.examples(true);
    const space = detail.event.indexOf(" ");
    const headers = detail.request.headers.filter(([name, value]) => value !== null && !NOT_SENT_AGAIN.has(name.toLowerCase()));
    this.put(detail.event.slice(0, space), detail.event.slice(space + 1), headers, detail.request.body.text ?? "");
    this.path.focus();
  }

  async go() {
    let asked;
    try {
      asked = { api: this.api.value, method: this.method.value, path: this.path.value, headers: readHeaders(this.headers.value), body: this.body.value };
    } catch (error) {
      fill(this.answer, h("p", { class: "callout bad" }, error.message));
      return;
    }
    this.remember(asked);
    this.send.disabled = true;
    try {
      const answer = await api.send(asked);
      fill(
        this.answer,
        h("h3", {}, badge(answer.status), h("span", {}, answer.reason), h("span", { class: "count" }, took(answer.milliseconds))),
        h(
          "details",
          { class: "more" },
          h("summary", {}, `Headers (${answer.headers.length})`),
          h("table", { class: "pairs" }, h("tbody", {}, answer.headers.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value))))),
        ),
        body(answer.body),
      );
    } catch (error) {
      fill(this.answer, h("p", { class: "callout bad" }, error.message));
    } finally {
      this.send.disabled = false;
    }
  }

  // Kept in memory alone: a request may hold a token.
  remember(asked) {
    const text = JSON.stringify(asked);
    this.remembered = [asked, ...this.remembered.filter((one) => JSON.stringify(one) !== text)].slice(0, MOST_REMEMBERED);
    this.draw();
  }

  draw() {
    options(this.history, [["", this.remembered.length ? "choose …" : "nothing yet"], ...this.remembered.map((one, index) => [String(index), `${one.api} ${one.method} ${one.path}`])]);
    this.history.disabled = this.remembered.length === 0;
  }

  recall() {
    const asked = this.remembered[Number(this.history.value)];
    if (this.history.value === "" || !asked) return;
    this.api.value = asked.api;
    this.examples(true);
    this.put(asked.method, asked.path, asked.headers, asked.body);
    this.history.value = "";
  }
}
