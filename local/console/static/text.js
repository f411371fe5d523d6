// How things are written: times, sizes, statuses, bodies.

import { copy, h } from "./dom.js";

export const MASK = "•••";

export function clock(at) {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function took(milliseconds) {
  if (milliseconds >= 10000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toFixed(1)} ms`;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`;
}

export function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(at)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}

// 2 for 200 and the like; 0 where nobody answered.
export const statusClass = (status) => (status === null || status === undefined ? 0 : Math.floor(status / 100));

export function badge(status, bad) {
  return h("span", { class: `status s${statusClass(status)}${bad ? " bad" : ""}` }, status === null || status === undefined ? "—" : String(status));
}

// "GET /orders/7" and "MESSAGE Sz9ABcdefghijk=" as a verb and the rest.
export function eventParts(event) {
  const space = event.indexOf(" ");
  return space < 0 ? [event, ""] : [event.slice(0, space), event.slice(space + 1)];
}

const SHORT = 64;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gu;

// Sets JSON out on lines without reading its numbers: 1.0 and 12345678901234567890 stay what they are.
function laidOut(text) {
  const out = [];
  let depth = 0;
  let inline = -1;
  const line = () => out.push(["", `\n${"  ".repeat(depth)}`]);
  const tokens = text.match(TOKEN) ?? [];
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (index <= inline) {
      out.push(...inLine(token, next));
    } else if (token === "{" || token === "[") {
      inline = shortUntil(tokens, index);
      out.push(["", token]);
      if (index < inline) return;
      depth += 1;
      line();
    } else if (token === "}" || token === "]") {
      depth -= 1;
      line();
      out.push(["", token]);
    } else if (token === ",") {
      out.push(["", token]);
      line();
    } else out.push(...inLine(token, next));
  });
  return out;
}

function inLine(token, next) {
  if (token === ":") return [["", ": "]];
  if (token === ",") return [["", ", "]];
  if (token.startsWith('"')) return [[next === ":" ? "key" : "text", token]];
  return [[/^[{}[\]]$/u.test(token) ? "" : "word", token]];
}

// Where a list or an object ends that has no other within and fits on a line; otherwise the place before it.
function shortUntil(tokens, index) {
  let length = 0;
  for (let place = index + 1; place < tokens.length && length < SHORT; place += 1) {
    const token = tokens[place];
    if (token === "]" || token === "}") return place;
    if (token === "[" || token === "{") break;
    length += token.length + 1;
  }
  return index - 1;
}

export function code(text) {
  const trimmed = text.trim();
  const pre = h("pre", { tabindex: "0" });
  let json = /^[[{]/u.test(trimmed);
  try {
    if (json) JSON.parse(trimmed);
  } catch {
    json = false;
  }
  if (json) pre.append(...laidOut(trimmed).map(([kind, part]) => (kind ? h("span", { class: kind }, part) : part)));
  else pre.append(text);
  return pre;
}

export function body(given) {
  if (given.size === 0) return h("p", { class: "none" }, "no body");
  if (given.text === null) return h("p", { class: "none" }, `${size(given.size)} that are no text`);
  const button = h("button", { class: "copy", type: "button", "aria-label": "Copy the body" }, "copy");
  button.addEventListener("click", () => copy(given.text, button));
  return h(
    "div",
    { class: "code" },
    button,
    code(given.text),
    given.cut && h("p", { class: "none" }, `the first part of ${size(given.size)}`),
  );
}
