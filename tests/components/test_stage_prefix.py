"""Source of the override: the AWS page "Private integrations for REST APIs in API Gateway"."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.mapping.rest import Destination, RequestMapping, RequestSource
from apigateway.vtl import check_template
from components.stage_prefix import own_templates, path_override, proxy_templates
from settings.integrations import Passthrough


def mappings(**sources: str) -> dict[Destination, RequestSource]:
    """Return mappings to path variables: name → source."""
    return dict(
        RequestMapping.parse({f"integration.request.path.{name}": text for name, text in sources.items()}).entries
    )


def override(path: str) -> str:
    return f'#set($context.requestOverride.path = "{path}")'


@pytest.mark.parametrize(
    ("path", "sources", "expected"),
    [
        ("/", {}, "/"),
        ("/pets", {}, "/pets"),
        ("/pets/", {}, "/pets/"),
        ("/pets?kind=cat", {}, "/pets"),
        ("/pets/{petId}", {"petId": "method.request.path.petId"}, "/pets/$input.params().path.get('petId')"),
        ("/{a}/b/{c}", {"a": "method.request.path.x", "c": "method.request.path.y"},
         "/$input.params().path.get('x')/b/$input.params().path.get('y')"),
        ("/{proxy}", {"proxy": "method.request.path.proxy"}, "/$input.params().path.get('proxy')"),
        ("/{proxy+}", {"proxy": "method.request.path.proxy"}, "/$input.params().path.get('proxy')"),
        ("/{id}?x={y}", {"id": "method.request.path.id"}, "/$input.params().path.get('id')"),
        ("/{id}.json", {"id": "method.request.path.id"}, "/${input.params().path.get('id')}.json"),
        ("/{id}{id}", {"id": "method.request.path.id"},
         "/${input.params().path.get('id')}$input.params().path.get('id')"),
        ("/{t}/x", {"t": "method.request.header.tenant"}, "/$!{input.params().header.get('tenant')}/x"),
        ("/{t}", {"t": "method.request.querystring.t"}, "/$!{input.params().querystring.get('t')}"),
        ("/{t}", {"t": "method.request.body.order.id"}, "/$!{input.path('$.order.id')}"),
        ("/{t}", {"t": "method.request.body.order['the id']"}, "/$!{input.path('$.order[''the id'']')}"),
        ("/{t}", {"t": "context.identity.sourceIp"}, "/$!{context.identity.sourceIp}"),
        ("/{t}", {"t": "context.authorizer.claims.sub"}, "/$!{context.authorizer.claims.sub}"),
        ("/{t}", {"t": "context.authorizer.claims.custom:tenant"}, "/$!{context.authorizer.claims['custom:tenant']}"),
        ("/{t}", {"t": "stageVariables.tenant"}, "/$!{stageVariables.tenant}"),
        ("/{t}", {"t": "stageVariables.2nd"}, "/$!{stageVariables['2nd']}"),
        ("/{t}", {"t": "'acme'"}, "/acme"),
        ("/{t}", {"t": "'a$b#c'"}, "/a%24b%23c"),
        ("/{t}/x", {"t": "''"}, "//x"),
        ("/${stageVariables.root}/x", {}, "/$!{stageVariables.root}/x"),
        ("/a$b\"c\\d#e", {}, "/a%24b%22c%5Cd%23e"),
        ("/{unmapped}/x", {}, "/{unmapped}/x"),
    ],
)  # fmt: skip
def test_the_path_is_made_anew(path: str, sources: dict[str, str], expected: str) -> None:
    line = path_override(path, mappings(**sources))
    assert line == override(expected)
    check_template(line)


def test_mappings_to_other_places_count_for_nothing() -> None:
    others = RequestMapping.parse({"integration.request.header.petId": "method.request.path.petId"})
    assert path_override("/pets/{petId}", dict(others.entries)) == override("/pets/{petId}")


@pytest.mark.parametrize("source", ["method.request.body", "method.request.multivalueheader.x"])
def test_what_a_template_cannot_read_in_one_piece_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{source} is no part of a path that a template could make")):
        path_override("/{t}", mappings(t=source))


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs"], blacklist_characters="{}"), max_size=40))
def test_whatever_stands_in_a_path_the_template_is_sound_and_names_nothing(path: str) -> None:
    line = path_override(f"/{path}", {})
    check_template(line)
    assert set(re.findall(r"[$#\"\\]", line.removeprefix("#set($context").removesuffix('")'))) <= {'"'}


PROXIED = override("/x") + "\n$input.body"


@pytest.mark.parametrize(
    ("binary", "expected"),
    [
        ([], {"application/json": PROXIED, "$default": PROXIED}),
        (["image/png"], {"application/json": PROXIED}),
        (["image/*"], {"application/json": PROXIED}),
        (["application/json"], {}),
        (["application/*"], {}),
        (["*/*"], {}),
    ],
)
def test_templates_of_a_proxy(binary: list[str], expected: dict[str, str]) -> None:
    assert proxy_templates("/x", {}, binary) == expected


LINE = override("/x")


@pytest.mark.parametrize(
    ("templates", "passthrough", "binary", "expected"),
    [
        ({}, "WHEN_NO_MATCH", [], {"application/json": PROXIED, "$default": PROXIED}),
        ({}, "WHEN_NO_TEMPLATES", [], {"application/json": PROXIED, "$default": PROXIED}),
        ({}, "NEVER", [], {}),
        ({"application/json": "{}"}, "WHEN_NO_MATCH", [], {"application/json": f"{LINE}\n{{}}", "$default": PROXIED}),
        ({"application/json": "{}"}, "WHEN_NO_TEMPLATES", [], {"application/json": f"{LINE}\n{{}}"}),
        ({"application/json": "{}"}, "NEVER", [], {"application/json": f"{LINE}\n{{}}"}),
        ({"application/json": "{}"}, "WHEN_NO_MATCH", ["image/png"], {"application/json": f"{LINE}\n{{}}"}),
        ({"$default": "{}"}, "WHEN_NO_MATCH", [], {"$default": f"{LINE}\n{{}}"}),
        (
            {"text/xml": "<a/>"},
            "WHEN_NO_MATCH",
            [],
            {"text/xml": f"{LINE}\n<a/>", "application/json": PROXIED, "$default": PROXIED},
        ),
        ({"text/xml": "<a/>"}, "WHEN_NO_MATCH", ["*/*"], {"text/xml": f"{LINE}\n<a/>"}),
    ],
)
def test_templates_beside_the_stacks_own(
    templates: dict[str, str], passthrough: Passthrough, binary: list[str], expected: dict[str, str]
) -> None:
    assert own_templates(templates, passthrough, "/x", {}, binary) == expected


@pytest.mark.parametrize(
    "own",
    [
        '#set($context.requestOverride.path = "/elsewhere")\n$input.body',
        '#set ( ${context.requestOverride.path} = "/elsewhere" )',
        '#if($x)#set($context.requestOverride.path="/y")#end',
    ],
)
def test_a_template_that_makes_the_path_itself_is_left_alone(own: str) -> None:
    assert own_templates({"application/json": own}, "NEVER", "/x", {}, []) == {"application/json": own}


def test_a_template_that_reads_the_path_is_not_taken_for_one_that_makes_it() -> None:
    own = "#set($was = $context.requestOverride.path)"
    assert own_templates({"application/json": own}, "NEVER", "/x", {}, []) == {"application/json": f"{LINE}\n{own}"}
