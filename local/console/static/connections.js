// The WebSocket connections that are open: a backend's side of them.

import * as api from "./api.js";
import { byId, fill, h } from "./dom.js";
import { ago, clock } from "./text.js";

export class Connections {
  constructor(onFilter) {
    this.panel = byId("panel-connections");
    this.badge = byId("open");
    this.onFilter = onFilter;
    this.rows = new Map();
    this.list = h("ul", { class: "connections" });
    this.said = h("p", { class: "hint", role: "status" });
    fill(this.panel, this.said, this.list);
    this.show({ total: 0, connections: [] });
  }

  // Rows stay what they are while their connection is open: somebody may be typing in one.
  show({ total, connections }) {
    const beyond = total > connections.length ? `; the newest ${connections.length} are listed` : "";
    fill(this.said, total ? `${total} open${beyond}` : "No WebSocket is open. The tab WebSocket opens one.");
    this.badge.hidden = total === 0;
    fill(this.badge, String(total));
    const open = new Set(connections.map((one) => one.id));
    for (const [id, row] of this.rows) {
      if (!open.has(id)) {
        row.node.remove();
        this.rows.delete(id);
      }
    }
    for (const one of connections) {
      const row = this.rows.get(one.id) ?? this.add(one);
      fill(row.active, `active ${ago(one.activeAt)}`);
    }
  }

  add(one) {
    const text = h("input", { "aria-label": `Message to ${one.id}`, placeholder: "message from the backend", spellcheck: "false" });
    const active = h("span", {});
    const result = h("span", { class: "count", role: "status" });
    const run = async (work, done) => {
      try {
        const answer = await work();
        fill(result, answer.status < 300 ? done : `${answer.status} ${answer.body.text ?? ""}`);
      } catch (error) {
        fill(result, error.message);
      }
    };
    const form = h(
      "form",
      { class: "request" },
      text,
      h("button", { type: "submit" }, "Post"),
      h("button", { type: "button", onclick: () => run(() => api.close(one), "closed") }, "Close"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(() => api.post(one, text.value), "posted");
    });
    const node = h(
      "li",
      { "data-connection": one.id },
      h(
        "p",
        {},
        h("b", {}, one.api),
        h("button", { type: "button", class: "mono link", title: "Show its events", onclick: () => this.onFilter(one.id) }, one.id),
        h("span", { class: "count" }, `${one.stage} · since ${clock(one.openedAt)} · `, active),
      ),
      h("p", { class: "count" }, `${one.sourceIp} ${one.userAgent}`),
      form,
      result,
    );
    this.list.append(node);
    const row = { node, active };
    this.rows.set(one.id, row);
    return row;
  }
}
