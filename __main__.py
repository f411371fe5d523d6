"""The program, as a table of contents: read the stack file, provision what it names, export what others need."""

import pulumi

from components import (
    account_logging,
    alarms,
    backend,
    custom_domain,
    http_api,
    invoke_role,
    network,
    outputs,
    private_endpoint,
    rest_api,
    stack,
    usage_plans,
    vpc_links,
    websocket_api,
)

with stack.user_errors():
    this = stack.read()

    net = network.provide(this)
    backends = backend.provide(this, net)
    links = vpc_links.provide(this, net, backends)
    logging = account_logging.provide(this)
    websocket_apis = websocket_api.provide(this, backends, links, logging)
    http_apis = http_api.provide(this, backends, links)
    rest_apis = rest_api.provide(this, backends, links, logging, private_endpoint.provide(this, net))
    apis: outputs.Apis = {**websocket_apis, **http_apis, **rest_apis}
    domains = custom_domain.provide(this, apis)
    invoke_roles = invoke_role.provide(this, {**websocket_apis, **http_apis})
    usage_plans.provide(this, {**websocket_apis, **rest_apis})
    alarms.provide(this, apis, backends)

    for name, value in outputs.of(net, backends, links, apis, domains, invoke_roles).items():
        pulumi.export(name, value)
