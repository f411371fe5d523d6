"""The colours of the picture: one stylesheet, with its colours as variables for light and dark."""

from typing import Final

_LIGHT: Final = {
    "paper": "#f6f8fb",
    "card": "#ffffff",
    "border": "#d5dce6",
    "divider": "#e8ecf2",
    "ink": "#18202c",
    "muted": "#566174",
    "edge": "#a3afc0",
    "hover": "#eef3fb",
    "http": "#1d5fd1",
    "websocket": "#7438d0",
    "rest": "#0a7a6c",
    "link": "#4f55cf",
    "entry": "#0b7794",
    "backend": "#15803d",
    "function": "#b8560b",
    "service": "#b4246f",
    "url": "#1d5fd1",
    "mock": "#566174",
    "broken": "#c62828",
    "broken-card": "#fff5f4",
    "get": "#15803d",
    "post": "#1d5fd1",
    "put": "#9a5b05",
    "delete": "#c62828",
    "any": "#7438d0",
}
_DARK: Final = {
    "paper": "#0e131a",
    "card": "#161d27",
    "border": "#2c3746",
    "divider": "#232c39",
    "ink": "#e7ecf4",
    "muted": "#9dabbe",
    "edge": "#566479",
    "hover": "#1e2836",
    "http": "#74a7ff",
    "websocket": "#b999ff",
    "rest": "#4fd1bd",
    "link": "#9fa5ff",
    "entry": "#54c5e6",
    "backend": "#63d28b",
    "function": "#ffa45c",
    "service": "#ff8cc4",
    "url": "#74a7ff",
    "mock": "#9dabbe",
    "broken": "#ff8a80",
    "broken-card": "#2a1a1c",
    "get": "#63d28b",
    "post": "#74a7ff",
    "put": "#f0b45a",
    "delete": "#ff8a80",
    "any": "#b999ff",
}

_RULES: Final = """\
.gatelink-picture { color: var(--gl-ink); max-width: 100%; height: auto;
  font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
.gatelink-picture text { fill: var(--gl-ink); }
.gatelink-picture .paper { fill: var(--gl-paper); }
.gatelink-picture .caption { fill: var(--gl-muted); font-size: 10px; font-weight: 700; letter-spacing: 0.09em; }
.gatelink-picture .title { font-size: 13px; font-weight: 700; }
.gatelink-picture .api > .title { font-size: 15px; }
.gatelink-picture .line { fill: var(--gl-muted); font-size: 11px; }
.gatelink-picture .method, .gatelink-picture .path { font-size: 12px; white-space: pre;
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
.gatelink-picture .method { fill: var(--gl-muted); font-weight: 700; }
.gatelink-picture .frame { fill: var(--gl-card); stroke: var(--gl-border); stroke-width: 1; }
.gatelink-picture .behind { fill: var(--gl-card); stroke: var(--gl-border); stroke-width: 1; opacity: 0.7; }
.gatelink-picture .divider { stroke: var(--gl-divider); stroke-width: 1; }
.gatelink-picture .hit { fill: transparent; }
.gatelink-picture .route:hover > .hit { fill: var(--gl-hover); }
.gatelink-picture .icon, .gatelink-picture .lock { fill: none; stroke: currentColor; stroke-width: 1.5;
  stroke-linecap: round; stroke-linejoin: round; }
.gatelink-picture .badge { fill: currentColor; opacity: 0.13; }
.gatelink-picture .tag > .pill { fill: currentColor; opacity: 0.13; }
.gatelink-picture .tag > text { fill: currentColor; font-size: 10px; font-weight: 700; }
.gatelink-picture .tag { color: var(--gl-muted); }
.gatelink-picture .edge > .line-of { fill: none; stroke: var(--gl-edge); stroke-width: 1.5; }
.gatelink-picture .edge > .arrow { fill: var(--gl-edge); stroke: none; }
.gatelink-picture .edge.broken > .line-of { stroke: var(--gl-broken); stroke-dasharray: 5 4; }
.gatelink-picture .edge.broken > .arrow { fill: var(--gl-broken); }
.gatelink-picture .obstacle .frame { fill: var(--gl-broken-card); stroke: var(--gl-broken); }
.gatelink-picture .obstacle { color: var(--gl-broken); }
.gatelink-picture .obstacle > .title { fill: var(--gl-broken); }
.gatelink-picture .more > .path, .gatelink-picture .more > .title { fill: var(--gl-muted); }
.gatelink-picture .unused > .frame { stroke-dasharray: 3 3; }
.gatelink-picture .unused > .title { fill: var(--gl-muted); }
.gatelink-picture .client { color: var(--gl-ink); }
"""

_COLOURED: Final = {
    ".http": "http",
    ".websocket": "websocket",
    ".rest": "rest",
    **{f".{kind}": kind for kind in ("link", "entry", "backend", "function", "service", "url", "mock")},
}
_METHODS: Final = {"get": ("get",), "post": ("post",), "put": ("put", "patch"), "delete": ("delete",), "any": ("any",)}


def _variables(colours: dict[str, str]) -> str:
    return " ".join(f"--gl-{name}: {colour};" for name, colour in colours.items())


def _stylesheet() -> str:
    lines = [
        f".gatelink-picture {{ {_variables(_LIGHT)} }}",
        f"@media (prefers-color-scheme: dark) {{ .gatelink-picture {{ {_variables(_DARK)} }} }}",
        _RULES.rstrip("\n"),
        *(f".gatelink-picture .tag{tag} {{ color: var(--gl-{name}); }}" for tag, name in list(_COLOURED.items())[:3]),
        *(
            f".gatelink-picture .node{kind} {{ color: var(--gl-{name}); }}"
            for kind, name in list(_COLOURED.items())[3:]
        ),
        *(
            f".gatelink-picture .method.{method} {{ fill: var(--gl-{name}); }}"
            for name, methods in _METHODS.items()
            for method in methods
        ),
    ]
    return "\n".join(lines) + "\n"


STYLE: Final = _stylesheet()
"""For a ``<style>`` element, or for a file of its own where a page forbids such elements."""
