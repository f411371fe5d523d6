import asyncio
from pathlib import Path

import pulumi
import pytest

from apigateway.errors import StackFileError
from components import stack
from local.recorder.monitor import RecordingMonitor, run_recorded
from local.stack_file import StackConfig, parse_override, read_stack, read_stack_outputs
from settings import load_settings
from tests.programs import stack_config

PROJECT = "name: gatelink\n"


class Folder:
    """A project's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, stack_file: str, *, project: str = PROJECT, overrides: dict[str, str] | None = None) -> StackConfig:
        """Write both files and read them."""
        (self.path / "Pulumi.yaml").write_text(project, encoding="utf-8")
        (self.path / "Pulumi.dev.yaml").write_text(stack_file, encoding="utf-8")
        return read_stack(self.path, "dev", overrides)

    def refusal(self, stack_file: str, *, project: str = PROJECT, overrides: dict[str, str] | None = None) -> str:
        """Return why the files are refused."""
        with pytest.raises(StackFileError) as raised:
            self.read(stack_file, project=project, overrides=overrides)
        return str(raised.value)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("OFF", "OFF"),
        ("yes", "yes"),
        ("No", "No"),
        ("22:22", "22:22"),
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17T01:02:03Z", "2012-10-17T01:02:03Z"),
        ("true", "true"),
        ("False", "false"),
        ("'true'", "true"),
        ("42", "42"),
        ("017", "17"),
        ("0o17", "15"),
        ("0.5", "0.5"),
        ("~", ""),
        ("", ""),
        ("größe", "größe"),
        ("{b: 1, a: {d: größe, c: [OFF, 22:22, 2012-10-17, yes, ~, true, 0.5]}}", None),
    ],
)
def test_values_are_text_as_the_engine_passes_them(folder: Folder, written: str, text: str | None) -> None:
    block = '{"a":{"c":["OFF","22:22","2012-10-17","yes",null,true,0.5],"d":"größe"},"b":1}'
    assert folder.read(f"config:\n  key: {written}\n").values == {"gatelink:key": block if text is None else text}


def test_settings_are_blocks_without_the_prefix(folder: Folder) -> None:
    config = folder.read(
        "config:\n  aws:region: us-east-1\n  gatelink:tags: {team: edge}\n  gatelink:odd: '{not json'\n"
    )
    assert config.settings() == {"tags": {"team": "edge"}, "odd": "{not json"}


@pytest.mark.parametrize("stack_file", ["", "config:\n", "config: {}\n", "encryptionsalt: v1:x\nsecretsprovider: x\n"])
def test_stack_file_without_values(folder: Folder, stack_file: str) -> None:
    config = folder.read(stack_file)
    assert config == StackConfig(
        directory=folder.path,
        project="gatelink",
        stack="dev",
        file=folder.path / "Pulumi.dev.yaml",
        values={},
        secret_keys=(),
    )


def test_a_key_that_is_no_text_in_a_block_of_gatelinks_is_reported_and_read(folder: Folder) -> None:
    config = folder.read("config:\n  gatelink:apis: {a: [{404: x, ~: y}]}\n  tags: {1: x}\n")
    assert [(str(problem), problem.rule) for problem in config.problems] == [
        ('apis.a[0]: the key 404 must be text; write "404"', "value"),
        ('apis.a[0]: the key null must be text; write "null"', "value"),
        ('tags: the key 1 must be text; write "1"', "value"),
    ]
    assert config.settings() == {"apis": {"a": [{"404": "x", "null": "y"}]}, "tags": {"1": "x"}}


def test_keys_without_a_namespace_get_the_project(folder: Folder) -> None:
    config = folder.read(
        "config: {a: 1, other:b: 2, gatelink:c: 3}\n", project="name: edge\n", overrides={"d": "4", "gatelink:c": "5"}
    )
    assert (config.project, config.values) == (
        "edge",
        {"edge:a": "1", "edge:d": "4", "gatelink:c": "5", "other:b": "2"},
    )


def test_project_file_gives_defaults(folder: Folder) -> None:
    project = """\
name: gatelink
config:
  aws:region: eu-west-1
  accountLogging: existing
  tags: {value: {team: edge}, default: ignored}
  declared: {type: string, default: 7}
  demanded: {type: string}
  network: {default: {availabilityZones: 3}}
"""
    assert folder.read("config: {gatelink:network: {}, aws:region: us-east-1}\n", project=project).values == {
        "aws:region": "us-east-1",
        "gatelink:accountLogging": "existing",
        "gatelink:declared": "7",
        "gatelink:network": "{}",
        "gatelink:tags": '{"team":"edge"}',
    }


@pytest.mark.parametrize(
    ("stack_file", "reason"),
    [
        ("config:\n  a: 1\n  b: 2\n  a: 3\n", 'Pulumi.dev.yaml:4: the key stands twice: "a"'),
        ("config:\n  a:\n    - {b: 1,\n       b: 2}\n", 'Pulumi.dev.yaml:4: the key stands twice: "b"'),
        ("config:\n  a: b: c\n", "Pulumi.dev.yaml:2:7: not YAML: mapping values are not allowed here"),
        ("config:\n  a: [1\n", "Pulumi.dev.yaml:3:1: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("config:\n\ta: 1\n", "Pulumi.dev.yaml:2:1: not YAML: found character '\\t' that cannot start any token"),
        ("config:\n  a: *b\n", "Pulumi.dev.yaml:2:6: not YAML: found undefined alias 'b'"),
        ("a: 1\n---\nb: 2\n", "Pulumi.dev.yaml:2:1: not YAML: but found another document"),
        (
            "config:\n  a: !env HOME\n",
            "Pulumi.dev.yaml:2:6: not YAML: could not determine a constructor for the tag '!env'",
        ),
        (
            "config:\n  a: [!!binary aGk=]\n",
            "Pulumi.dev.yaml:2:7: not YAML: could not determine a constructor for the tag 'tag:yaml.org,2002:binary'",
        ),
        ("- config\n", "Pulumi.dev.yaml must be a block of keys"),
        ("config: [a]\n", "Pulumi.dev.yaml: config must be a block of keys"),
        (
            "confg: {a: 1}\n",
            (
                "Pulumi.dev.yaml: unknown key confg; "
                "known keys: config, encryptedkey, encryptionsalt, environment, secretsprovider"
            ),
        ),
        ("config: {404: a}\n", 'Pulumi.dev.yaml: config: the key 404 is not text; write "404" in quotes'),
        (
            "config:\n  aws:defaultTags:\n    tags: [{true: a}]\n",
            'Pulumi.dev.yaml: config.aws:defaultTags.tags: the key true is not text; write "true" in quotes',
        ),
        (
            "environment: [edge]\n",
            "Pulumi.dev.yaml: only the Pulumi CLI can read environment; give what it brings by --config KEY=VALUE",
        ),
        (
            "config:\n  gatelink:tags: {secure: v1:x}\n",
            (
                "Pulumi.dev.yaml: gatelink:tags is encrypted (secure), which only the Pulumi CLI can read; "
                "give it by --config gatelink:tags=VALUE"
            ),
        ),
        (
            "config:\n  apis: {chat: [1, {token: {secure: v1:x}}]}\n",
            (
                "Pulumi.dev.yaml: apis.chat[1].token is encrypted (secure), which only the Pulumi CLI can read; "
                "give it by --config gatelink:apis=VALUE"
            ),
        ),
    ],
)
def test_refused_stack_file(folder: Folder, stack_file: str, reason: str) -> None:
    assert folder.refusal(stack_file) == reason


@pytest.mark.parametrize(
    ("project", "reason"),
    [
        ("runtime: python\n", "Pulumi.yaml: name must be the project's name"),
        ("name: 5\n", "Pulumi.yaml: name must be the project's name"),
        ("- name\n", "Pulumi.yaml must be a block of keys"),
        ("name: a\nname: b\n", 'Pulumi.yaml:2: the key stands twice: "name"'),
        ("name: gatelink\nconfig: [a]\n", "Pulumi.yaml: config must be a block of keys"),
        ("name: gatelink\nconfig: {1: a}\n", 'Pulumi.yaml: config: the key 1 is not text; write "1" in quotes'),
    ],
)
def test_refused_project_file(folder: Folder, project: str, reason: str) -> None:
    assert folder.refusal("", project=project) == reason


def test_missing_project_file(tmp_path: Path) -> None:
    with pytest.raises(StackFileError) as raised:
        read_stack(tmp_path, "dev")
    assert str(raised.value) == "Pulumi.yaml: not found: a Gatelink project has one; run this in the project's folder"


@pytest.mark.parametrize(("stacks", "named"), [([], "none"), (["prod", "dev"], "dev, prod")])
def test_missing_stack_file_names_the_stacks_that_exist(tmp_path: Path, stacks: list[str], named: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    for name in stacks:
        (tmp_path / f"Pulumi.{name}.yaml").write_text("")
    with pytest.raises(StackFileError) as raised:
        read_stack(tmp_path, "test")
    assert str(raised.value) == f'Pulumi.test.yaml: not found: there is no stack "test" here; stacks: {named}'


def test_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_bytes(b"name: \xff")
    with pytest.raises(StackFileError) as raised:
        read_stack(tmp_path, "dev")
    assert str(raised.value) == (
        "Pulumi.yaml: cannot be read: 'utf-8' codec can't decode byte 0xff in position 6: invalid start byte"
    )


def test_environment_is_taken_to_be_what_the_command_line_gives(folder: Folder) -> None:
    config = folder.read("environment: [edge]\nconfig: {a: 1}\n", overrides={"gatelink:tags": '{"team":"edge"}'})
    assert config.values == {"gatelink:a": "1", "gatelink:tags": '{"team":"edge"}'}


def test_command_line_replaces_a_secret_which_stays_one(folder: Folder) -> None:
    config = folder.read("config:\n  a: {b: {secure: v1:x}}\n  c: 1\n", overrides={"a": '{"b":"open"}', "c": "2"})
    assert config.values == {"gatelink:a": '{"b":"open"}', "gatelink:c": "2"}
    assert config.secret_keys == ("gatelink:a",)


def test_unknown_key_is_refused_whatever_the_command_line_gives(folder: Folder) -> None:
    assert folder.refusal("enviroment: [edge]\n", overrides={"a": "1"}).startswith(
        "Pulumi.dev.yaml: unknown key enviroment; "
    )


def test_aliases_and_merged_blocks(folder: Folder) -> None:
    config = folder.read("config:\n  a: &team {team: edge}\n  b: {<<: *team, cost: low}\n  c: *team\n")
    assert config.settings() == {"a": {"team": "edge"}, "b": {"team": "edge", "cost": "low"}, "c": {"team": "edge"}}


@pytest.mark.parametrize(
    ("text", "pair"), [("a=1", ("a", "1")), ("gatelink:a=b=c", ("gatelink:a", "b=c")), ("a=", ("a", ""))]
)
def test_override(text: str, pair: tuple[str, str]) -> None:
    assert parse_override(text) == pair


@pytest.mark.parametrize("text", ["a", "=1", ""])
def test_bad_override(text: str) -> None:
    with pytest.raises(StackFileError) as raised:
        parse_override(text)
    assert str(raised.value) == f'--config must be KEY=VALUE, got "{text}"'


def test_both_readers_give_the_same_settings() -> None:
    config = stack_config("dev")
    read: list[stack.Stack] = []

    async def run() -> None:
        pulumi.runtime.set_all_config(dict(config.values), list(config.secret_keys))
        monitor = RecordingMonitor(project=config.project, stack="dev", region="us-east-1", known=True)
        await run_recorded(monitor, lambda: read.append(stack.read()))

    asyncio.run(run())
    assert [(found.name, found.settings) for found in read] == [("dev", load_settings(config.settings()))]
    assert read[0].tags == {"team": "edge", "Project": "gatelink", "Stack": "dev"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("outputs.yaml", "acme/network/dev: {vpcId: vpc-1, azs: [a, b], count: 2}\nacme/dns/dev: {}\n"),
        (
            "outputs.json",
            '{\n  "acme/network/dev": {"vpcId": "vpc-1", "azs": ["a", "b"], "count": 2},\n  "acme/dns/dev": {}\n}\n',
        ),
    ],
)
def test_outputs_of_other_stacks_are_yaml_or_json(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert read_stack_outputs(file) == {
        "acme/network/dev": {"vpcId": "vpc-1", "azs": ["a", "b"], "count": 2},
        "acme/dns/dev": {},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "outputs.yaml must be a block of keys"),
        (
            "vpcId: vpc-1",
            (
                'outputs.yaml: vpcId: must be a stack with a block of its outputs, got "vpc-1"; '
                'for example {"acme/network/dev": {"vpcId": "vpc-0123456789abcdef0"}}'
            ),
        ),
        (
            "acme/network/dev:",
            (
                "outputs.yaml: acme/network/dev: must be a stack with a block of its outputs, got null; "
                'for example {"acme/network/dev": {"vpcId": "vpc-0123456789abcdef0"}}'
            ),
        ),
        ("a: {}\na: {}", 'outputs.yaml:2: the key stands twice: "a"'),
        ("a: {1: x}", 'outputs.yaml: a: the key 1 is not text; write "1" in quotes'),
    ],
)
def test_a_file_of_outputs_that_is_something_else_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "outputs.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StackFileError) as raised:
        read_stack_outputs(file)
    assert str(raised.value) == message
