// A box to open a WebSocket from, and to send frames by.

import * as api from "./api.js";
import { headerLines, readHeaders } from "./compose.js";
import { byId, field, fill, h, options } from "./dom.js";
import { clock, code } from "./text.js";

const MOST_LINES = 300;
const MOST_REMEMBERED = 20;

export class Socket {
  constructor() {
    this.apis = [];
    this.remembered = [];
    this.stream = null;
    this.api = h("select", { id: "socket-api", onchange: () => this.examples() });
    this.path = h("input", { id: "socket-path", "aria-label": "Path and query", spellcheck: "false", autocomplete: "off", value: "/" });
    this.connect = h("button", { id: "socket-connect", class: "primary", type: "submit" }, "Connect");
    this.headers = h("textarea", { id: "socket-headers", rows: "2", spellcheck: "false", placeholder: "Authorization: Bearer …" });
    this.protocols = h("input", { id: "socket-protocols", spellcheck: "false", autocomplete: "off", placeholder: "v1, v2" });
    this.log = h("div", { id: "socket-log", class: "log", role: "log", tabindex: "0", "aria-label": "Frames" });
    this.frame = h("textarea", { id: "socket-frame", rows: "3", spellcheck: "false" });
    this.send = h("button", { id: "socket-send", class: "primary", type: "submit", disabled: true }, "Send");
    this.chips = h("span", { class: "chips" });
    this.history = h("select", { id: "socket-history", "aria-label": "Sent before", onchange: () => this.recall() });
    this.state = h("span", { class: "count", role: "status" }, "closed");
    const opening = h(
      "form",
      { class: "compose" },
      field("API", this.api),
      h("div", { class: "request" }, this.path, this.connect),
      h("div", { class: "two" }, field("Headers", this.headers), field("Sub-protocols", this.protocols)),
    );
    const sending = h(
      "form",
      { class: "compose" },
      h("div", { class: "field" }, h("span", {}, h("label", { for: "socket-frame" }, "Frame"), " ", this.chips), this.frame),
      h("div", { class: "request end" }, this.history, this.send),
    );
    opening.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.stream) this.close();
      else this.open();
    });
    sending.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    sending.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) sending.requestSubmit();
    });
    fill(byId("panel-socket"), opening, h("h3", {}, "Frames ", this.state), this.log, sending);
    this.draw();
  }

  served(apis) {
    this.apis = apis.filter((one) => one.protocol === "WEBSOCKET");
    const chosen = this.api.value;
    options(this.api, this.apis.map((one) => [one.name, one.name]), chosen);
    this.connect.disabled = this.apis.length === 0;
    this.examples(chosen === this.api.value && chosen !== "");
  }

  examples(keep = false) {
    const found = this.apis.find((one) => one.name === this.api.value);
    const frames = found?.frames ?? [];
    fill(
      this.chips,
      frames.map((one) => h("button", { type: "button", class: "chip", onclick: () => this.put(one.text) }, one.label)),
    );
    if (keep || !found) return;
    const handshake = found.requests[0];
    if (handshake) {
      this.path.value = handshake.path;
      this.headers.value = headerLines(handshake.headers);
    }
    this.frame.value = frames[0]?.text ?? "";
  }

  put(text) {
    this.frame.value = text;
    this.frame.focus();
  }

  open() {
    let headers;
    try {
      headers = readHeaders(this.headers.value);
    } catch (error) {
      this.note("bad", error.message);
      return;
    }
    const protocols = this.protocols.value.split(",").map((name) => name.trim()).filter(Boolean);
    const stream = api.socket("/api/sockets");
    this.stream = stream;
    this.shape("connecting …", false);
    stream.addEventListener("open", () => stream.send(JSON.stringify({ api: this.api.value, path: this.path.value, headers, protocols })));
    stream.addEventListener("message", (message) => this.heard(JSON.parse(message.data)));
    stream.addEventListener("close", () => {
      if (this.stream === stream) this.stream = null;
      this.shape("closed", false);
    });
  }

  close() {
    if (this.stream.readyState === WebSocket.OPEN) this.stream.send(JSON.stringify({ type: "close" }));
    else this.stream.close();
  }

  heard(event) {
    if (event.type === "open") {
      this.shape("open", true);
      this.note("ok", event.protocol ? `open, sub-protocol ${event.protocol}` : "open");
    } else if (event.type === "refused") {
      this.note("bad", event.status === null ? event.message : `the handshake was answered ${event.status} ${event.message}`);
    } else if (event.type === "message") this.frameLine("in", event.text);
    else if (event.type === "closed") this.note("end", `closed ${event.code}${event.reason ? ` ${event.reason}` : ""}`);
  }

  say() {
    if (!this.stream || this.send.disabled) return;
    const text = this.frame.value;
    this.stream.send(JSON.stringify({ type: "send", text }));
    this.frameLine("out", text);
    this.remembered = [text, ...this.remembered.filter((one) => one !== text)].slice(0, MOST_REMEMBERED);
    this.draw();
  }

  draw() {
    const line = (text) => text.replaceAll(/\s+/gu, " ").slice(0, 60);
    options(this.history, [["", "sent before …"], ...this.remembered.map((text, index) => [String(index), line(text)])]);
    this.history.disabled = this.remembered.length === 0;
  }

  recall() {
    if (this.history.value !== "") this.put(this.remembered[Number(this.history.value)]);
    this.history.value = "";
  }

  shape(state, open) {
    fill(this.state, state);
    this.send.disabled = !open;
    fill(this.connect, this.stream ? "Disconnect" : "Connect");
    this.connect.classList.toggle("primary", !this.stream);
  }

  frameLine(direction, text) {
    this.add(h("div", { class: `frame ${direction}` }, h("time", {}, clock(Date.now())), h("span", { class: "hidden" }, direction === "in" ? "received" : "sent"), code(text)));
  }

  note(kind, text) {
    this.add(h("p", { class: `note ${kind}` }, h("time", {}, clock(Date.now())), text));
  }

  add(line) {
    this.log.append(line);
    while (this.log.childElementCount > MOST_LINES) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }
}
