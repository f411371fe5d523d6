// What the page asks the console, and what it is told without asking.

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    body,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
  });
  const answer = await response.json().catch(() => ({ message: `the console answered ${response.status}` }));
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

const connection = ({ api, stage, id }) => `/api/connections/${[api, stage, id].map(encodeURIComponent).join("/")}`;

export const topology = () => call("GET", "/api/topology");
export const exchanges = (after) => call("GET", `/api/exchanges?after=${after}`);
export const exchange = (number, reveal) => call("GET", `/api/exchanges/${number}${reveal ? "?reveal=1" : ""}`);
export const search = (words, after) => call("GET", `/api/search?q=${encodeURIComponent(words)}&after=${after}`);
export const send = (request) => call("POST", "/api/requests", JSON.stringify(request));
export const post = (to, text) => call("POST", connection(to), text);
export const close = (to) => call("DELETE", connection(to));

export async function picture() {
  const response = await fetch("/picture.svg");
  if (!response.ok) throw new Error(`no picture: ${response.status}`);
  return response.text();
}

export function socket(path) {
  return new WebSocket(`ws://${location.host}${path}`);
}

// Keeps one WebSocket open, and opens it again when the gateway has been restarted.
export function live(onEvent, onState) {
  let wait = 250;
  const open = () => {
    const stream = socket("/api/live");
    stream.addEventListener("open", () => {
      wait = 250;
      onState(true);
    });
    stream.addEventListener("message", (message) => JSON.parse(message.data).forEach(onEvent));
    stream.addEventListener("close", () => {
      onState(false);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 4000);
    });
  };
  open();
}
