"""Our side of the program's measurement: ``__main__.py`` as the engine runs it, from its settings to its outputs."""

import pkgutil
import runpy
from collections.abc import Callable
from importlib import import_module

import components
from bench.orders import Reference
from bench.sdk_classes import resource_class
from bench.stacks import ROOT


def prepare(reference: Reference) -> Callable[[], None]:
    """Import everything that the program will use; return the program."""
    for module in pkgutil.iter_modules(components.__path__):
        import_module(f"components.{module.name}")
    for type_token in sorted({resource.type for resource in reference.recording.resources if resource.custom}):
        resource_class(type_token)
    return run_program


def run_program() -> None:
    """Run ``__main__.py``; to be called where a Pulumi program runs."""
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
