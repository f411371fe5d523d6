"""The data plane: serves recorded APIs over HTTP and WebSocket as API Gateway would.

server ─► http_api ──────► upstream ─► your backend, or the echo
└──► websocket_api ──►
connections (the @connections API)
"""
