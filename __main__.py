"""The program, as a table of contents: read the stack file, provision what it names, export what others need."""

import pulumi

from components import account_logging, backend, http_api, network, outputs, stack, vpc_links, websocket_api

with stack.user_errors():
    this = stack.read()

    net = network.provide(this)
    backends = backend.provide(this, net)
    links = vpc_links.provide(this, net, backends)
    logging = account_logging.provide(this)
    websocket_apis = websocket_api.provide(this, backends, links, logging)
    http_apis = http_api.provide(this, backends, links)

    for name, value in outputs.of(net, backends, links, {**websocket_apis, **http_apis}).items():
        pulumi.export(name, value)
