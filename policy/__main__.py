"""What the engine runs: ``pulumi preview --policy-pack policy``.

The engine runs a folder rather than a module, published ones under a name of its own, from a working folder of its own
choice. The folder is therefore loaded as the package ``policy`` that its files take it for. The package ``apigateway``
stands beside it in this project, and inside it in a published pack, where Python finds it by itself.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _load_package() -> None:
    if (_HERE.parent / "apigateway").is_dir():
        sys.path.insert(1, str(_HERE.parent))
    found = spec_from_file_location("policy", _HERE / "__init__.py", submodule_search_locations=[str(_HERE)])
    if found is None or found.loader is None:
        raise ImportError(f"{_HERE} is no package")
    package = module_from_spec(found)
    sys.modules["policy"] = package
    found.loader.exec_module(package)


if __name__ == "__main__":
    _load_package()
    from policy.engine import serve

    serve()
