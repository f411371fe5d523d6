"""What ``python -m local policy`` prints: what does not hold, what is exempt and why, and what is not known yet."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.tree import Uncut, short_type
from policy.exemptions import place, sentence
from policy.levels import Level
from policy.model import Finding, Policy, Resource, Severity
from policy.report import Report, Violated

_LEVELS: Final = (Level.MANDATORY, Level.ADVISORY)
_SEVERITIES: Final = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_STYLES: Final = {Level.MANDATORY: "bold red", Level.ADVISORY: "yellow"}


def print_report(report: Report, stack: str, source: str, console: Console) -> None:
    """Print everything, the worst first, and what to do about it."""
    console.print(Text.assemble((stack, "bold"), (f"  {source}", "dim")))
    violations = _worst_first(report.violations)
    _print_table(
        console,
        "",
        ("level", "severity", "policy", "resource", "what is wrong"),
        [
            (one.level, one.policy.severity, one.policy.id, _where(one.violation), one.violation.message)
            for one in violations
        ],
        styles=[_STYLES[one.level] for one in violations],
    )
    _print_table(
        console,
        "exempt",
        ("policy", "resource", "what is wrong", "reason"),
        [(one.policy.id, _where(one.finding), sentence(one.finding), one.exemption.reason) for one in report.exempted],
    )
    _print_table(
        console,
        "exemptions that cover nothing",
        ("policy", "pattern", "reason"),
        [(one.policy.id, one.exemption.resource, one.exemption.reason) for one in report.unused],
    )
    _print_table(
        console,
        "undecided before the deployment",
        ("policy", "resource", "not known"),
        [(one.policy.id, _where(one.undecided), one.undecided.property) for one in report.undecided],
    )
    _print_table(
        console,
        "what to do",
        ("policy", "remedy"),
        [(policy.id, policy.remedy) for policy in _violated(violations)],
    )
    if report.disabled:
        console.print()
        console.print(Text(f"disabled: {', '.join(policy.id for policy in report.disabled)}", "dim"))
    console.print()
    console.print(Text(summary(report), "green" if report.passed else "red"))


def summary(report: Report) -> str:
    """Count what was found, in one line."""
    levels = Counter(one.level for one in report.violations)
    asked = f"{_count(len(report.asked), 'policy', 'policies')} asked"
    disabled = f", {len(report.disabled)} disabled" if report.disabled else ""
    found = [f"{levels[level]} {level}" for level in _LEVELS]
    found += [f"{len(report.exempted)} exempt", f"{len(report.undecided)} undecided"]
    if report.unused:
        found.append(_count(len(report.unused), "unused exemption", "unused exemptions"))
    return f"{'passed' if report.passed else 'failed'}: {asked}{disabled}: {', '.join(found)}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def as_json(report: Report, stack: str, source: str) -> str:
    """Return everything that the table says, for machines."""
    document: Mapping[str, object] = {
        "stack": stack,
        "source": source,
        "passed": report.passed,
        "asked": [policy.id for policy in report.asked],
        "disabled": [policy.id for policy in report.disabled],
        "violations": [
            {
                "policy": one.policy.id,
                "level": one.level,
                "severity": one.policy.severity,
                "resource": _resource(one.violation.resource),
                "message": one.violation.message,
                "remedy": one.policy.remedy,
            }
            for one in _worst_first(report.violations)
        ],
        "exempted": [
            {
                "policy": one.policy.id,
                "resource": _resource(one.finding.resource),
                "message": sentence(one.finding),
                "reason": one.exemption.reason,
            }
            for one in report.exempted
        ],
        "unusedExemptions": [
            {"policy": one.policy.id, "resource": one.exemption.resource, "reason": one.exemption.reason}
            for one in report.unused
        ],
        "undecided": [
            {
                "policy": one.policy.id,
                "resource": _resource(one.undecided.resource),
                "property": one.undecided.property,
            }
            for one in report.undecided
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _print_table(
    console: Console,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    styles: Sequence[str] = (),
) -> None:
    """Print rows, folded into a terminal; elsewhere, each is a line."""
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("level", "severity", "policy"))
    for index, row in enumerate(rows):
        first, *others = (Text(cell) for cell in row)
        first.stylize(styles[index] if styles else "")
        table.add_row(first, *others)
    console.print()
    if title:
        console.print(Text(title, "bold"))
    console.print(table if console.is_terminal else Uncut(table), soft_wrap=not console.is_terminal)


def _worst_first(violations: Iterable[Violated]) -> list[Violated]:
    return sorted(
        violations, key=lambda one: (_LEVELS.index(one.level), _SEVERITIES.index(one.policy.severity), one.policy.id)
    )


def _violated(violations: Iterable[Violated]) -> list[Policy]:
    return list({one.policy.id: one.policy for one in violations}.values())


def _where(finding: Finding) -> str:
    """Name the resource and its type: two of one name may differ in no more."""
    return f"{place(finding)} ({short_type(finding.resource.type)})" if finding.resource else place(finding)


def _resource(resource: Resource | None) -> Mapping[str, str] | None:
    return {"name": resource.name, "type": resource.type, "urn": resource.urn} if resource else None
