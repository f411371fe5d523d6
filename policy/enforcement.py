"""How each policy is enforced in an environment, from a file in the form of the CLI's ``--policy-pack-config``.

    {
      "all": "mandatory",
      "flow-logs": "disabled",
      "integration-tls": {
        "enforcementLevel": "advisory",
        "exemptions": [{"resource": "chat-*", "reason": "its backend gets a certificate in March"}]
      }
    }

``all`` is for the policies that the file does not name; without it, they have their default levels. The form is that of
Pulumi's page "Configuring policy packs"; the CLI takes an unknown policy or key for granted, this does not.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from apigateway.errors import PolicyConfigError, shown
from apigateway.paths import format_path
from apigateway.suggest import nearest
from policy.exemptions import EXEMPTIONS, Exemption, read_exemptions
from policy.levels import Level, default_level
from policy.model import Policy

_ALL: Final = "all"
_LEVEL: Final = "enforcementLevel"
_LEVELS: Final = {level.value: level for level in Level}
_LEVEL_NAMES: Final = "advisory, mandatory or disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcement:
    """What becomes of the violations of each policy; every policy has a level."""

    levels: Mapping[str, Level]
    exemptions: Mapping[str, tuple[Exemption, ...]]

    @classmethod
    def default(cls, policies: Sequence[Policy]) -> Self:
        """Return what holds where there is no file: mandatory is what is of high or critical severity."""
        return cls(levels={policy.id: default_level(policy) for policy in policies}, exemptions={})

    @classmethod
    def strict(cls, policies: Sequence[Policy]) -> Self:
        """Return the strictest there is: every policy is mandatory, and nothing exempt."""
        return cls(levels={policy.id: Level.MANDATORY for policy in policies}, exemptions={})

    def level(self, policy: Policy) -> Level:
        """Return how a policy is enforced."""
        return self.levels[policy.id]

    def exemptions_of(self, policy: Policy) -> tuple[Exemption, ...]:
        """Return what a policy leaves alone."""
        return self.exemptions.get(policy.id, ())


class _Object(dict[str, object]):
    """A JSON object that remembers which of its keys stand there twice."""

    twice: tuple[str, ...] = ()


def read_enforcement(file: Path, policies: Sequence[Policy]) -> Enforcement:
    """Read a file; raises ``PolicyConfigError`` with every problem of it."""
    document = _load(file)
    reader = _Reader(policies)
    reader.read(document)
    if reader.problems:
        raise PolicyConfigError(tuple(f"{file.name}: {problem}" for problem in reader.problems))
    return Enforcement(
        levels={
            policy.id: reader.levels.get(policy.id) or reader.levels.get(_ALL) or default_level(policy)
            for policy in policies
        },
        exemptions=reader.exemptions,
    )


class _Reader:
    """Reads a document to its end, whatever it finds wrong on the way."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._ids = [policy.id for policy in policies]
        self.levels: dict[str, Level] = {}
        self.exemptions: dict[str, tuple[Exemption, ...]] = {}
        self.problems: list[str] = []

    def read(self, document: object) -> None:
        """Read the whole file."""
        if not isinstance(document, _Object):
            self.problems.append(f'must be an object such as {{"all": "mandatory"}}, got {_json(document)}')
            return
        self.problems += _twice(document, "")
        for id_, value in document.items():
            if id_ == _ALL or id_ in self._ids:
                self._read_entry(id_, value)
            else:
                near = nearest(id_, [*self._ids, _ALL])
                hint = f"did you mean {near}?" if near else "docs/policies.md names them all"
                self.problems.append(f'{format_path((id_,))}: no policy "{shown(id_)}"; {hint}')

    def _read_entry(self, id_: str, value: object) -> None:
        keys = [_LEVEL] if id_ == _ALL else [_LEVEL, EXEMPTIONS]
        match value:
            case str():
                self._read_level(id_, value, id_)
            case _Object():
                self.problems += _twice(value, f"{id_}.")
                for key in value:
                    if key not in keys:
                        self._refuse_key(id_, key, keys)
                if _LEVEL in value:
                    self._read_level(id_, value[_LEVEL], f"{id_}.{_LEVEL}")
                if EXEMPTIONS in keys and EXEMPTIONS in value:
                    self._read_exemptions(id_, value[EXEMPTIONS])
            case _:
                block = " and ".join(keys)
                self.problems.append(f"{id_}: must be a level or an object with {block}, got {_json(value)}")

    def _refuse_key(self, id_: str, key: str, keys: list[str]) -> None:
        at = f"{id_}{'' if format_path((key,)).startswith('[') else '.'}{format_path((key,))}"
        if id_ == _ALL and key == EXEMPTIONS:
            self.problems.append(f"{at}: a resource is exempt from one policy, not from all; name the policy")
            return
        near = nearest(key, keys)
        hint = f"did you mean {near}?" if near else f"known keys: {', '.join(keys)}"
        self.problems.append(f"{at}: unknown key; {hint}")

    def _read_level(self, id_: str, value: object, at: str) -> None:
        text = value if isinstance(value, str) else ""
        level = _LEVELS.get(text)
        if level:
            self.levels[id_] = level
            return
        problem = f"{at}: must be {_LEVEL_NAMES}, got {_json(value)}"
        near = nearest(text, _LEVELS)
        if text == "remediate":
            problem += "; no policy of this pack changes a resource"
        elif near:
            problem += f"; did you mean {near}?"
        self.problems.append(problem)

    def _read_exemptions(self, id_: str, value: object) -> None:
        found, problems = read_exemptions(value)
        self.exemptions[id_] = found
        twice = [
            line
            for index, entry in enumerate(value if isinstance(value, list) else [])
            if isinstance(entry, _Object)
            for line in _twice(entry, f"{EXEMPTIONS}[{index}].")
        ]
        self.problems += [f"{id_}.{problem}" for problem in (*twice, *problems)]


def _twice(block: _Object, at: str) -> Iterator[str]:
    for key in block.twice:
        yield f"{at}{key}: the key stands there twice"


def _load(file: Path) -> object:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PolicyConfigError((f"{file}: not found: it must be a JSON file of enforcement levels",)) from None
    except OSError as error:
        raise PolicyConfigError((f"{file}: cannot be read: {error.strerror}",)) from None
    except UnicodeDecodeError:
        raise PolicyConfigError((f"{file}: must be text in UTF-8",)) from None
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"{file.name}:{error.lineno}:{error.colno}"
        raise PolicyConfigError((f"{where}: not JSON: {error.msg}",)) from None
    except (ValueError, RecursionError) as error:
        raise PolicyConfigError((f"{file.name}: cannot be read: {error}",)) from None


def _object(pairs: list[tuple[str, object]]) -> _Object:
    found = _Object(pairs)
    keys = [key for key, _ in pairs]
    found.twice = tuple(key for key in found if keys.count(key) > 1)
    return found


def _json(value: object) -> str:
    return shown(json.dumps(value, ensure_ascii=False))
