"""Hypothesis strategies for typed expressions: every value that they give can be written by a user."""

import re
import string
from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from apigateway.context import MAPPING_VARIABLES
from apigateway.json_path import JsonPath
from apigateway.mapping import dialects, http, websocket
from apigateway.route_keys import METHODS, HttpRouteKey
from apigateway.selection import SelectionExpression

Value = TypeVar("Value")
WORD = string.ascii_letters + string.digits + "_"


def words(alphabet: str, *, at_most: int = 12) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=at_most)


parameters = words(WORD + ".$-")
header_names = words(WORD + "!#$%&'*+.^`|~-").filter(lambda name: not http.is_reserved_header(name))
query_names = words(WORD + "!#$%&'*+.^`|~-[]()/é")
path_names = words(WORD + ".-")
stage_variables = st.builds(lambda name: http.StageVariable(name=name), words(WORD))

names_after_a_dot = words(WORD + "-é#+/")
brackets = st.one_of(
    st.integers(-9, 99).map(lambda index: f"[{index}]"),
    st.sampled_from(["[*]", "[0:2]", "[1,2]", "['a','b']"]),
    words(WORD + " .$-[]?", at_most=6).map(lambda name: f"['{name}']"),
    words(WORD + " .$-'*", at_most=6).map(lambda name: f'["{name}"]'),
)
json_paths = st.builds(
    lambda first, rest: JsonPath.parse(first + "".join(rest)),
    names_after_a_dot,
    st.lists(st.one_of(brackets, st.just(".*"), names_after_a_dot.map(".{}".format)), max_size=4),
)


def context_variables(known: frozenset[str]) -> st.SearchStrategy[http.ContextVariable]:
    properties = words(WORD).filter(lambda name: name != "claims").map("authorizer.{}".format)
    return st.one_of(st.sampled_from(sorted(known)), properties).map(lambda name: http.ContextVariable(name=name))


websocket_destinations = st.builds(
    lambda location, name: websocket.Destination(location=location, name=name),
    st.sampled_from(("header", "querystring", "path")),
    parameters,
).filter(lambda to: to.location != "header" or to.name.lower() not in websocket.UNMAPPABLE_HEADERS)
websocket_sources: st.SearchStrategy[websocket.Source] = st.one_of(
    st.builds(
        lambda location, name: websocket.RouteParameter(location=location, name=name),
        st.sampled_from(("header", "querystring", "multivalueheader", "multivaluequerystring")),
        parameters,
    ),
    json_paths.map(lambda path: websocket.BodyField(path=path)),
    stage_variables,
    context_variables(MAPPING_VARIABLES["WEBSOCKET"]),
    st.text(st.characters(exclude_characters="'"), max_size=510).map(lambda text: websocket.Static(value=text)),
)

actions = st.sampled_from(("append", "overwrite", "remove"))
request_destinations = st.one_of(
    st.builds(
        lambda action, name: http.RequestDestination(action=action, location="header", name=name),
        actions,
        header_names,
    ),
    st.builds(
        lambda action, name: http.RequestDestination(action=action, location="querystring", name=name),
        actions,
        query_names,
    ),
    st.just(http.RequestDestination(action="overwrite", location="path", name="")),
)
response_destinations = st.one_of(
    st.builds(
        lambda action, name: http.ResponseDestination(action=action, location="header", name=name),
        actions,
        header_names,
    ),
    st.just(http.ResponseDestination(action="overwrite", location="statuscode", name="")),
)

shared_variables = st.one_of(stage_variables, context_variables(MAPPING_VARIABLES["HTTP"]))
request_variables: st.SearchStrategy[http.Variable] = st.one_of(
    header_names.map(lambda name: http.RequestHeader(name=name)),
    query_names.map(lambda name: http.RequestQuery(name=name)),
    st.one_of(st.none(), path_names).map(lambda name: http.RequestPath(parameter=name)),
    st.one_of(st.none(), json_paths).map(lambda path: http.RequestBody(path=path)),
    shared_variables,
)
response_variables: st.SearchStrategy[http.Variable] = st.one_of(
    header_names.map(lambda name: http.ResponseHeader(name=name)),
    st.one_of(st.none(), json_paths).map(lambda path: http.ResponseBody(path=path)),
    shared_variables,
)
literals = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: not re.search(r"\$[A-Za-z_{]|\$$", text) and not dialects.is_foreign_to_http(text)
)


def alternating(
    texts: st.SearchStrategy[str], values: st.SearchStrategy[Value]
) -> st.SearchStrategy[tuple[str | Value, ...]]:
    """Parts of which no two texts are neighbours: a parser would read them as one."""

    def spread(parts: list[str | Value]) -> tuple[str | Value, ...]:
        return tuple(
            part
            for index, part in enumerate(parts)
            if not (index and isinstance(part, str) and isinstance(parts[index - 1], str))
        )

    return st.lists(st.one_of(texts, values), min_size=1, max_size=4).map(spread)


def templates(variables: st.SearchStrategy[http.Variable]) -> st.SearchStrategy[http.Template]:
    bare = variables.filter(lambda variable: not set("${}") & set(str(variable))).map(
        lambda variable: http.Template(parts=(variable,), braced=False)
    )
    mixed = alternating(literals, variables).map(lambda parts: http.Template(parts=parts))
    return st.one_of(bare, mixed).filter(lambda template: len(str(template)) <= 512)


selections = st.one_of(
    json_paths.filter(lambda path: not set("$\\") & set(str(path))).map(
        lambda path: SelectionExpression(parts=(path,), braced=False)
    ),
    alternating(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), min_size=1, max_size=12), json_paths
    ).map(lambda parts: SelectionExpression(parts=parts)),
)

static_segments = words(WORD + ".-~:@", at_most=5)


@st.composite
def route_paths(draw: Callable[[st.SearchStrategy[object]], object]) -> str:
    """Draw a path of static segments and variables, each variable of another name, perhaps a greedy one at the end."""
    statics = draw(st.lists(st.one_of(st.none(), static_segments), max_size=4))
    assert isinstance(statics, list)
    segments = [f"{{v{index}}}" if static is None else static for index, static in enumerate(statics)]
    return "/" + "/".join([*segments, *(["{rest+}"] if draw(st.booleans()) else [])])


http_route_keys = st.one_of(
    st.just("$default"), st.builds("{} {}".format, st.sampled_from(METHODS), route_paths())
).map(HttpRouteKey.parse)
