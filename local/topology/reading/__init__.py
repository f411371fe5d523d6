"""Makes a topology of a recording, or says in one line each what of it cannot be served.

The rules of API Gateway (route keys, mappings, selection expressions) come from :mod:`apigateway`; whether a link leads
to its backend comes from :mod:`local.topology.reading.reachability`. What cannot be served is refused by name, never
skipped.
"""

from local.topology.reading.whole import build_topology

__all__ = ["build_topology"]
