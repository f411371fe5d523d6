"""The data plane: serves recorded APIs over HTTP and WebSocket as API Gateway would.

    server ─┬─► http ──────┬─► upstream ──► your backend, or the echo
            ├─► rest ──────┼─► invoking ──► your functions
            └─► websocket ─┴─► services ──► the embedded AWS

The three kinds of API know nothing of each other. What two of them need is here, who may call is in ``authorization``,
and every exchange ends in ``traffic``.
"""
