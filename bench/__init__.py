"""What Gatelink costs beside the plainest thing that does the same work; ``python -m bench`` prints two ratios.

__main__ ─► program ─► reference                         the Pulumi program, observed once
        │          └─► once ─► whole_program | bare_sdk  the program beside the bare SDK, each run in its own process
        ├─► gateway ─► backend, our_gateway, bare_proxy  the local gateway beside a bare reverse proxy
        │          └─► load
        ├─► rest ─► once ─► rest_by_method | rest_by_body | whole_program
        │       └─► control_plane                        ways to make a REST API, and the calls that each asks for
        └─► report

A ratio is of two measurements of one run on one machine, taken in turn, so that a busy machine slows both.
"""
