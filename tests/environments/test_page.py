"""docs/environments.md: its numbers are those of what the stacks register, and of their files."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local.recording import Recording
from tests.environments.stacks import ENVIRONMENTS, config, recording, texts
from tests.programs import ROOT, STACKS

PAGE = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8")


def test_the_page_counts_the_resources() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\([^)]+\) \| [^|]+ \| (\d+) \|", PAGE, re.MULTILINE)
    counted = {stack: sum(one.custom for one in recording(stack).resources) for stack in ENVIRONMENTS}
    assert {stack: int(count) for stack, count in rows} == counted


def test_the_page_prices_what_the_stacks_register() -> None:
    _, _, table = PAGE.partition("| each month |")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.partition("\n\n")[0].splitlines()]
    columns = ("dev", "prod", "local")
    assert rows[0] == ["price", "dev", "", "prod", "", "local", ""]
    together = dict.fromkeys(columns, Decimal(0))
    for what, price, *cells in rows[2:-1]:
        amount, unit = re.fullmatch(r"([\d.]+) an? (hour|month)", price).groups()  # type: ignore[union-attr]
        for stack, count, cost in zip(columns, cells[::2], cells[1::2], strict=True):
            assert int(count) == _counted(what, recording(stack)), (what, stack)
            exact = Decimal(amount) * int(count) * (730 if unit == "hour" else 1)
            assert cost == str(_cents(exact)), (what, stack)
            together[stack] += exact
    assert rows[-1][0] == "**together**"
    assert rows[-1][3::2] == [f"**{_cents(together[stack])}**" for stack in columns]


def test_the_page_tells_the_differences_that_there_are() -> None:
    _, _, table = PAGE.partition("| key | dev | prod | because |\n|---|---|---|---|\n")
    rows = [line.strip("|").split("|") for line in table.partition("\n\n")[0].splitlines()]
    told: set[tuple[str, ...]] = set()
    for key, dev, prod, _ in rows:
        path = re.findall(r'\["([^"]+)"\]|([\w-]+|\*)', key.strip(" `"))
        for name in ("chat", "orders") if "*" in key.partition("[")[0] else ("",):
            names = [name if plain == "*" else quoted or plain for quoted, plain in path]
            assert dev.strip() == _written(config("dev").settings(), names), key
            assert prod.strip() == _written(config("prod").settings(), names), key
            assert dev.strip() != prod.strip(), key
            told.add(tuple(names))
    differences = set(_leaves(config("dev").settings())) ^ set(_leaves(config("prod").settings()))
    assert [path for path, _ in differences if not any(path[: len(each)] == each for each in told)] == []


def test_the_page_counts_what_must_be_there_before_prod() -> None:
    _, _, table = PAGE.partition("| what | where it is named | notes |\n|---|---|---|\n")
    rows = [line.strip("|").split("|") for line in table.partition("\n\n")[0].splitlines()]
    (count,) = re.findall(r"\[(\w+) things\]\(#what-must-be-there-before-prod\)", PAGE)
    assert (count, len(rows)) == ("nine", 9)
    written = (STACKS / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    keys = {key.rpartition(".")[2] for _, where, _ in rows for key in re.findall(r"`([\w.]+)`", where)}
    assert "jwtConfiguration" in keys
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}:", written)] == []


def test_what_outlives_a_destroy_is_what_the_page_says() -> None:
    kept = {resource.name for resource in recording("prod").resources if resource.custom and resource.retain_on_delete}
    assert kept == {"account-logging"}


def _counted(what: str, recorded: Recording) -> int:
    """Count what a row of the price table is about."""
    match what:
        case "NAT gateways":
            return len(recorded.of_type("aws:ec2/natGateway:NatGateway"))
        case "their public addresses":
            return len(recorded.of_type("aws:ec2/eip:Eip"))
        case "load balancers":
            return len(recorded.of_type("aws:lb/loadBalancer:LoadBalancer"))
        case "interface endpoints, by zone":
            endpoints = recorded.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
            return sum(len(texts(one.inputs["subnetIds"])) for one in endpoints if "subnetIds" in one.inputs)
        case "metrics that alarms watch":
            return sum(_metrics(alarm.inputs) for alarm in recorded.of_type("aws:cloudwatch/metricAlarm:MetricAlarm"))
        case "metrics of refused calls":
            return len(recorded.of_type("aws:cloudwatch/logMetricFilter:LogMetricFilter"))
        case _:
            raise AssertionError(what)


def _metrics(alarm: Any) -> int:  # noqa: ANN401 - inputs as recorded
    """Count an alarm's metrics: the queries that are no expression, or the one that it names itself."""
    return sum("metric" in query for query in alarm["metricQueries"]) if "metricQueries" in alarm else 1


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _written(settings: Any, names: list[str]) -> str:  # noqa: ANN401 - settings as written
    """Return a value as the page shows it: a dash where nothing is written."""
    for name in names:
        if name not in settings:
            return "—"
        settings = settings[name]
    match settings:
        case dict():
            return "a block"
        case bool():
            return str(settings).lower()
        case str() if settings.startswith("arn:"):
            return "an ARN"
        case _:
            return str(settings)


def _leaves(settings: object, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each value that is no block, with the keys that lead to it."""
    match settings:
        case dict():
            for key, value in settings.items():
                yield from _leaves(value, (*place, key))
        case _:
            yield place, str(settings)
