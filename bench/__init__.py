"""What Gatelink costs beside the plainest thing that does the same work; ``python -m bench`` prints ratios.

__main__ ─► program ─► reference                         the Pulumi program, observed once
        │          └─► once ─► whole_program | bare_sdk  the program beside the bare SDK, each run in its own process
        ├─► gateway ────┬─► beside ─► backend, load      the local gateway beside
        ├─► websocket ──┘         ├─► our_gateway
        │                         └─► bare_proxy | bare_bridge
        ├─► memory ─► idle, proc, our_gateway            what many connections hold, and leave
        ├─► start ─► start_piece                         how long a developer waits, and for what
        ├─► rest ─► once ─► rest_by_method | rest_by_body | whole_program
        │       └─► control_plane                        ways to make a REST API, and the calls that each asks for
        ├─► scale ─► program, control_plane              a large stack, and what it asks of AWS
        └─► report

A ratio is of two measurements of one run on one machine, taken in turn, so that a busy machine slows both.
"""
