// Makes elements. Text is always a text node, never markup: what a client or a backend sent ends up on this page.

const PROPERTIES = new Set(["checked", "disabled", "hidden", "open", "selected", "value"]);

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function options(select, items, chosen) {
  fill(select, items.map(([value, label]) => h("option", { value }, label)));
  if (chosen !== undefined && items.some(([value]) => value === chosen)) select.value = chosen;
}

// Does something once nobody has asked for it for a while.
export function later(milliseconds, work) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}

// The same for what would otherwise be put off for as long as there is traffic.
export function soon(milliseconds, work) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      work();
    }, milliseconds);
  };
}

export function field(label, control) {
  return h("label", { class: "field" }, h("span", {}, label), control);
}

export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 900);
  } catch {
    button.classList.add("failed");
  }
}
