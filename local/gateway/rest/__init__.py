"""REST APIs: api ─► arrival ─► admission ─► validation ─► preparation ─► integration ─► response ─► answer."""
