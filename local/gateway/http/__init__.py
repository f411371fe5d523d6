"""HTTP APIs: api ─► arrival ─► admission ─► outgoing, or function, or service ─► cors."""
