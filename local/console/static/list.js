// The list of exchanges: the newest first, drawn as far as it is in view.

import { byId, h } from "./dom.js";
import { badge, clock, eventParts, statusClass, took } from "./text.js";

const ROW = 28;
const BEYOND = 6;

export class List {
  constructor(onChoose, onEnter) {
    this.node = byId("list");
    this.rows = byId("rows");
    this.shown = [];
    this.drawn = new Map();
    this.chosen = null;
    this.onChoose = onChoose;
    this.planned = false;
    this.node.addEventListener("scroll", () => this.plan(), { passive: true });
    new ResizeObserver(() => this.plan()).observe(this.node);
    this.rows.addEventListener("click", (event) => {
      const row = event.target.closest("[data-number]");
      if (row) this.choose(Number(row.dataset.number));
    });
    this.node.addEventListener("keydown", (event) => {
      const page = Math.max(1, Math.floor(this.node.clientHeight / ROW) - 1);
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        this.move(step);
      } else if (event.key === "Enter" && this.chosen !== null) {
        event.preventDefault();
        onEnter();
      }
    });
  }

  // What is to be shown, the newest first. Who has scrolled down goes on looking at the same rows.
  show(shown) {
    const top = this.shown[Math.floor(this.node.scrollTop / ROW)];
    this.shown = shown;
    this.rows.style.height = `${shown.length * ROW}px`;
    if (this.node.scrollTop > 0 && top) {
      const now = shown.findIndex((row) => row.number <= top.number);
      if (now >= 0) this.node.scrollTop = now * ROW + (this.node.scrollTop % ROW);
    }
    this.plan();
  }

  choose(number) {
    this.chosen = number;
    this.plan();
    this.onChoose(number);
  }

  forget() {
    this.chosen = null;
    this.plan();
  }

  move(step) {
    if (!this.shown.length) return;
    const now = this.shown.findIndex((row) => row.number === this.chosen);
    const wanted = now < 0 ? (step === Infinity ? Infinity : 0) : now + step;
    const index = Math.min(Math.max(wanted, 0), this.shown.length - 1);
    const top = index * ROW;
    if (top < this.node.scrollTop) this.node.scrollTop = top;
    else if (top + ROW > this.node.scrollTop + this.node.clientHeight) this.node.scrollTop = top + ROW - this.node.clientHeight;
    this.choose(this.shown[index].number);
  }

  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => {
      this.planned = false;
      this.draw();
    });
  }

  // A line that stays in view keeps its element: it may be under a pressed mouse button.
  draw() {
    const first = Math.max(0, Math.floor(this.node.scrollTop / ROW) - BEYOND);
    const last = Math.min(this.shown.length, Math.ceil((this.node.scrollTop + this.node.clientHeight) / ROW) + BEYOND);
    const inView = this.shown.slice(first, last);
    const numbers = new Set(inView.map((row) => row.number));
    for (const [number, node] of this.drawn) if (!numbers.has(number)) node.remove();
    const drawn = new Map();
    let before = null;
    for (const [offset, row] of inView.entries()) {
      const index = first + offset;
      const node = this.drawn.get(row.number) ?? this.row(row);
      node.style.top = `${index * ROW}px`;
      node.setAttribute("aria-selected", row.number === this.chosen ? "true" : "false");
      node.setAttribute("aria-posinset", index + 1);
      node.setAttribute("aria-setsize", this.shown.length);
      if (node.previousSibling !== before || !node.parentNode) this.rows.insertBefore(node, before ? before.nextSibling : this.rows.firstChild);
      before = node;
      drawn.set(row.number, node);
    }
    this.drawn = drawn;
    if (drawn.has(this.chosen)) this.node.setAttribute("aria-activedescendant", `row-${this.chosen}`);
    else this.node.removeAttribute("aria-activedescendant");
  }

  row(row) {
    const [verb, rest] = eventParts(row.event);
    const reason = [row.reason, ...row.notes].filter(Boolean).join("; ");
    return h(
      "div",
      {
        id: `row-${row.number}`,
        class: `row${row.status === null && row.reason ? " lost" : ""}`,
        role: "option",
        "data-number": row.number,
      },
      h("time", { datetime: row.at }, clock(row.at)),
      badge(row.status, Boolean(row.reason)),
      h("span", { class: "number" }, took(row.milliseconds)),
      h("span", { class: "api" }, row.api),
      h(
        "span",
        { class: "what", title: `${row.event} → ${row.routeKey ?? "no route"}` },
        h("b", { class: `verb ${row.protocol === "WEBSOCKET" ? "event" : ""}` }, verb),
        h("span", { class: "path" }, rest),
        row.routeKey !== "@connections" && h("span", { class: "route" }, row.routeKey === null ? "no route" : row.routeKey),
      ),
      reason
        ? h("span", { class: `target reason s${statusClass(row.status)}`, title: reason }, reason)
        : h("span", { class: "target" }, row.target ?? ""),
    );
  }
}
