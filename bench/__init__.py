"""What Gatelink costs beside the plainest thing that does the same work; ``python -m bench`` prints both ratios.

__main__ ─► program ─► reference                         the Pulumi program, observed once
        │          └─► once ─► whole_program | bare_sdk  the program beside the bare SDK, each run in its own process
        ├─► gateway ─► backend, our_gateway, bare_proxy  the local gateway beside a bare reverse proxy
        │          └─► load
        └─► report

A ratio is of two measurements of one run on one machine, taken in turn, so that a busy machine slows both.
"""
