// The topology as a picture that lives: counts on its parts, a pulse along the way of each request, parts to filter by.

import * as api from "./api.js";
import { byId, fill, h } from "./dom.js";
import { statusClass } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";
const PULSE_MILLISECONDS = 700;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

export class Picture {
  constructor(onNode) {
    this.onNode = onNode;
    this.panel = byId("picture");
    this.nodes = new Map();
    this.edges = new Map();
    this.ways = {};
    this.counts = new Map();
    this.changed = new Set();
    this.pulsed = new Map();
    this.chosen = null;
  }

  async load() {
    // The page's policy lets no inline style count; picture.css has the same rules.
    const text = (await api.picture()).replace(/<style>.*?<\/style>/su, "");
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const svg = document.importNode(parsed.documentElement, true);
    svg.setAttribute("role", "group");
    this.ways = JSON.parse(svg.querySelector("metadata")?.textContent ?? "{}");
    this.nodes = new Map([...svg.querySelectorAll("[data-node]")].map((node) => [node.dataset.node, node]));
    this.edges = new Map([...svg.querySelectorAll(".edge")].map((edge) => [`${edge.dataset.from} ${edge.dataset.to}`, edge]));
    for (const [id, node] of this.nodes) this.enliven(id, node);
    fill(this.panel, svg);
    this.mark(this.chosen);
  }

  enliven(id, node) {
    const name = id === "client" ? "everything" : (node.querySelector("title")?.textContent.split("\n")[0] ?? id);
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-pressed", "false");
    node.setAttribute("aria-label", `Show ${node.dataset.routes ? JSON.parse(node.dataset.routes).join(", ") : name} alone`);
    const choose = (event) => {
      event.stopPropagation();
      this.onNode(id === "client" || id === this.chosen ? null : this.filter(id, node));
    };
    node.addEventListener("click", choose);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(event);
    });
  }

  filter(id, node) {
    const { api: apiName, routes } = node.dataset;
    if (routes) {
      const keys = new Set(JSON.parse(routes));
      return { id, label: keys.size === 1 ? [...keys][0] : `${keys.size} routes`, takes: (row) => row.api === apiName && keys.has(row.routeKey) };
    }
    if (apiName) return { id, label: apiName, takes: (row) => row.api === apiName };
    return { id, label: id.slice(id.indexOf(":") + 1), takes: (row) => this.way(row).includes(id) };
  }

  mark(id) {
    this.chosen = id;
    for (const [own, node] of this.nodes) node.setAttribute("aria-pressed", own === id ? "true" : "false");
  }

  // The ids from the client to what answered; a route whose stages lead to different places has several ways.
  way(row) {
    const ways = this.ways[row.api]?.[row.routeKey];
    if (!ways) return ["client", `api:${row.api}`];
    return ways.find((way) => row.target && way.at(-1).endsWith(`:${row.target}`)) ?? ways[0];
  }

  // As far as a request came: where nobody was asked, it ended at its route.
  passed(row) {
    const way = this.way(row);
    return row.target === null && way.at(-1) !== "mock" ? way.slice(0, 3) : way;
  }

  counted(row, pulses) {
    const way = this.passed(row);
    for (const id of way) {
      if (id === "client") continue;
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
      this.changed.add(id);
    }
    if (this.changed.size === way.length - 1) requestAnimationFrame(() => this.write());
    if (pulses && !CALM.matches) this.pulse(way, row);
  }

  recount(rows) {
    this.counts.clear();
    for (const node of this.nodes.values()) node.querySelector(":scope > .tally")?.remove();
    for (const row of rows) this.counted(row, false);
    this.write();
  }

  write() {
    for (const id of this.changed) this.tally(id);
    this.changed.clear();
  }

  tally(id) {
    const node = this.nodes.get(id);
    const frame = node?.querySelector(":scope > .frame, :scope > .hit");
    if (!frame) return;
    const count = this.counts.get(id);
    const text = count < 10000 ? String(count) : `${Math.floor(count / 1000)}k`;
    const isRow = frame.classList.contains("hit");
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(frame.getAttribute(name)));
    const wide = 8 + 6 * text.length;
    // On the edge of the card: where a route's wire begins, and at the corner of any other part.
    const right = isRow ? x + width + 4 : x + width - 10;
    const middle = isRow ? y + height / 2 : y;
    let tally = node.querySelector(":scope > .tally");
    if (!tally) {
      tally = shape("g", { class: "tally", "aria-hidden": "true" });
      tally.append(shape("rect", { height: 14, rx: 7 }), shape("text", { "text-anchor": "middle" }));
      node.append(tally);
    }
    const [pill, words] = tally.children;
    pill.setAttribute("x", isRow ? right - wide / 2 : right - wide);
    pill.setAttribute("y", middle - 7);
    pill.setAttribute("width", wide);
    words.setAttribute("x", isRow ? right : right - wide / 2);
    words.setAttribute("y", middle + 3.5);
    words.textContent = text;
  }

  pulse(way, row) {
    const [now, route] = [performance.now(), `${row.api} ${row.routeKey}`];
    if (now - (this.pulsed.get(route) ?? -Infinity) < PULSE_MILLISECONDS / 4 && row.status < 400) return;
    this.pulsed.set(route, now);
    const kind = row.reason || statusClass(row.status) === 5 ? "bad" : statusClass(row.status) === 4 ? "warn" : "ok";
    const parts = way.map((id) => this.nodes.get(id));
    way.slice(1).forEach((id, index) => {
      // From the client an edge leads to the API, and from its route the next one goes on.
      parts.push(this.edges.get(`${way[index]} ${id}`));
    });
    for (const part of parts.filter(Boolean)) {
      if (part.dataset.node === "client") continue;
      part.classList.remove("ok", "warn", "bad");
      part.classList.add("pulse", kind);
      clearTimeout(part.pulseTimer);
      part.pulseTimer = setTimeout(() => part.classList.remove("pulse", kind), PULSE_MILLISECONDS);
    }
  }

  failed(error) {
    fill(this.panel, h("p", { class: "hint" }, error.message));
  }
}
