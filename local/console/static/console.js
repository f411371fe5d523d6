// The page: what it knows, and who is told of it.

import * as api from "./api.js";
import { Compose } from "./compose.js";
import { Connections } from "./connections.js";
import { Detail } from "./detail.js";
import { byId, copy, fill, h, later, soon } from "./dom.js";
import { List } from "./list.js";
import { Picture } from "./picture.js";
import { Socket } from "./socket.js";
import { statusClass } from "./text.js";

const STATUSES = [[2, "2xx"], [3, "3xx"], [4, "4xx"], [5, "5xx"], [0, "none"]];
const TABS = ["detail", "http", "socket", "connections"];

const known = new Map();
const filters = { apis: new Set(), statuses: new Set(), node: null, words: "", found: null, searched: 0 };
let most = 1000;
let last = 0;

const picture = new Picture((node) => filterBy(node));
const list = new List((number) => detail.show(number), () => byId("panel-detail").focus());
const detail = new Detail({ onOpen: () => tab("detail"), onClose: closeDetail, onAgain: sendAgain });
const compose = new Compose();
const socket = new Socket();
const connections = new Connections((id) => { search.value = id; searchNow(); });
const search = byId("search");

// --- exchanges

function takes(row) {
  if (filters.apis.size && !filters.apis.has(row.api)) return false;
  if (filters.statuses.size && !filters.statuses.has(row.status === 101 ? 2 : statusClass(row.status))) return false;
  if (filters.node && !filters.node.takes(row)) return false;
  return filters.found === null || filters.found.has(row.number);
}

let planned = false;
function redraw() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    const rows = [...known.values()].filter(takes).reverse();
    list.show(rows);
    byId("empty").hidden = rows.length > 0;
    fill(byId("empty"), known.size ? "Nothing that fits the filters." : "Nothing yet. Send a request on the right, or call one of the addresses above.");
    fill(byId("count"), rows.length === known.size ? `${known.size}` : `${rows.length} of ${known.size}`);
  });
}

function add(row, pulses) {
  if (known.has(row.number)) return;
  known.set(row.number, row);
  last = Math.max(last, row.number);
  if (known.size > most) known.delete(known.keys().next().value);
  picture.counted(row, pulses);
  if (filters.words) searchMore();
  redraw();
}

async function fetchMissing(after) {
  const { exchanges } = await api.exchanges(after);
  const all = new Map([...known, ...exchanges.map((row) => [row.number, row])]);
  const ordered = [...all.values()].sort((one, other) => one.number - other.number).slice(-most);
  known.clear();
  for (const row of ordered) known.set(row.number, row);
  if (filters.words) searchNow();
  last = ordered.at(-1)?.number ?? last;
  picture.recount(known.values());
  redraw();
}

function on(event) {
  switch (event.type) {
    case "hello":
      most = event.most;
      if (event.last < last) {
        // Another gateway than before: its numbers begin anew.
        known.clear();
        list.drawn.forEach((node) => node.remove());
        list.drawn.clear();
        last = 0;
        closeDetail();
      }
      serve();
      fetchMissing(last).catch(say);
      break;
    case "exchange":
      add(event, true);
      break;
    case "connections":
      connections.show(event);
      break;
    case "swapped":
      notify("good", "An edit has been swapped in.", 4000);
      serve();
      break;
    case "refused":
      notify("bad", event.problems);
      break;
    case "dropped":
      notify("bad", `${event.count} events were too many for this page at once; the list has been fetched again.`, 6000);
      fetchMissing(Math.max(0, last - most)).catch(say);
      break;
    default:
      break;
  }
}

// --- what is served

async function serve() {
  try {
    const served = await api.topology();
    addresses(served);
    compose.served(served.apis);
    socket.served(served.apis);
    chips(byId("apis"), served.apis.map(({ name }) => [name, name]), filters.apis);
    await picture.load();
    picture.recount(known.values());
  } catch (error) {
    picture.failed(error);
  }
}

function addresses({ apis, aws }) {
  const lines = apis.map((one) => [one.name, one.endpoint, one.protocol.toLowerCase()]);
  if (aws) lines.push(["aws", aws, "aws"]);
  fill(
    byId("addresses"),
    lines.map(([name, address, kind]) => {
      const button = h("button", { type: "button", class: kind, title: `Copy ${address}` }, h("b", {}, name), h("span", { class: "mono" }, address));
      button.addEventListener("click", () => copy(address, button));
      return h("li", {}, button);
    }),
  );
}

// --- filters

function chips(place, items, set) {
  fill(
    place,
    items.map(([value, label]) =>
      h(
        "button",
        {
          type: "button",
          class: `chip ${place.id === "statuses" ? `s${value}` : ""}`,
          "aria-pressed": set.has(value) ? "true" : "false",
          onclick: ({ currentTarget }) => {
            if (!set.delete(value)) set.add(value);
            currentTarget.setAttribute("aria-pressed", set.has(value) ? "true" : "false");
            redraw();
          },
        },
        label,
      ),
    ),
  );
}

function filterBy(node) {
  filters.node = node;
  picture.mark(node?.id ?? null);
  fill(
    byId("node"),
    node && h("button", { type: "button", class: "chip", "aria-pressed": "true", title: "Show everything again", onclick: () => filterBy(null) }, `${node.label} ×`),
  );
  redraw();
}

async function find(after) {
  const { words } = filters;
  const until = last;
  const { numbers } = await api.search(words, after);
  if (words !== filters.words) return;
  filters.found = new Set([...(after ? filters.found : []), ...numbers]);
  filters.searched = until;
  redraw();
}

const searchMore = soon(150, () => find(filters.searched).catch(say));

function searchNow() {
  filters.words = search.value.trim();
  if (filters.words) {
    find(0).catch(say);
    return;
  }
  filters.found = null;
  redraw();
}

// --- tabs, keys, notices

function tab(name) {
  for (const one of TABS) {
    const isChosen = one === name;
    byId(`panel-${one}`).hidden = !isChosen;
    byId(`tab-${one}`).setAttribute("aria-selected", isChosen ? "true" : "false");
    byId(`tab-${one}`).tabIndex = isChosen ? 0 : -1;
  }
}

let before = "http";
function closeDetail() {
  list.forget();
  detail.idle();
  if (!byId("panel-detail").hidden) tab(before);
}

byId("tabs").addEventListener("click", (event) => {
  const button = event.target.closest("[role=tab]");
  if (button) open(button.id.slice("tab-".length));
});
byId("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const now = TABS.findIndex((one) => byId(`tab-${one}`).tabIndex === 0);
  const name = TABS[(now + step + TABS.length) % TABS.length];
  open(name);
  byId(`tab-${name}`).focus();
});

function open(name) {
  if (name !== "detail") before = name;
  tab(name);
}

// Whoever sends a request again means all of it, its masked values too.
async function sendAgain(one) {
  try {
    const whole = one.masked ? await api.exchange(one.number, true) : one;
    tab("http");
    compose.again(whole);
  } catch (error) {
    say(error);
  }
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && (event.target === search || event.target === document.body)) {
    event.preventDefault();
    list.node.focus();
    list.move(step);
    return;
  }
  const writes = event.target.closest("input, textarea, select");
  if (event.key === "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    if (event.target === search && search.value) {
      event.preventDefault();
      search.value = "";
      searchNow();
    } else if (!byId("panel-detail").hidden) {
      closeDetail();
      list.node.focus();
    } else if (event.target === search) list.node.focus();
  }
});
search.addEventListener("input", later(200, searchNow));

let fading = 0;
function notify(kind, text, milliseconds) {
  const notice = byId("notice");
  clearTimeout(fading);
  notice.className = `notice ${kind}`;
  notice.hidden = false;
  fill(notice, h("pre", {}, text), h("button", { type: "button", class: "close", "aria-label": "Dismiss", onclick: () => { notice.hidden = true; } }, "×"));
  if (milliseconds) fading = setTimeout(() => { notice.hidden = true; }, milliseconds);
}

function say(error) {
  notify("bad", error.message, 6000);
}

chips(byId("statuses"), STATUSES, filters.statuses);
tab("http");
redraw();
api.live(on, (isLive) => {
  const state = byId("state");
  state.className = `state ${isLive ? "live" : "lost"}`;
  fill(state, isLive ? "live" : "not connected; trying again …");
});
