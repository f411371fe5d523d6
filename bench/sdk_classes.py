"""The classes of pulumi_aws by type token; looking one up imports its module, which pulumi_aws itself does late."""

from importlib import import_module

import pulumi


def resource_class(type_token: str) -> type[pulumi.Resource]:
    """Return the class of a token such as ``aws:apigatewayv2/route:Route``."""
    package, module, name = type_token.split(":")
    found = getattr(import_module(f"pulumi_{package}.{module.partition('/')[0]}"), name)
    if not (isinstance(found, type) and issubclass(found, pulumi.Resource)):
        raise TypeError(f"{type_token} must be a resource, got {found!r}")
    return found
