"""WebSocket APIs: api ─► handshake ─► routes ─► admission ─► validation ─► integration ─► a frame."""
