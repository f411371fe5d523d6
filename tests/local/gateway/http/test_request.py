import pytest

from local.recording import Json
from tests.local.gateway.backend import Backend
from tests.local.gateway.http.apis import calling, served
from tests.local.recordings import ALB_LISTENER

PATH_MAPPINGS = {
    "append:header.x-id": "$request.path.id",
    "append:header.x-path": "$request.path",
    "append:querystring.id": "${request.path.id}!",
    "append:querystring.full": "$context.path",
}


async def test_what_a_path_has_is_decoded_in_headers_and_queries(backend: Backend) -> None:
    made = calling({"integrationUri": ALB_LISTENER}, "GET /pets/{id}", PATH_MAPPINGS, stage="dev")
    async with served(made, {"orders": backend.url}) as client:
        await client.send("GET", "/dev/pets/a%20b%2Fc%0D%0A%C3%A9+?x=%20")
        (exchange,) = client.told
    received = await backend.next()
    assert (received.header("x-id"), received.header("x-path")) == ("a b/c \xc3\xa9+", "/pets/a b/c \xc3\xa9+")
    query = "x=%20&id=a%20b%2Fc%0D%0A%C3%A9%2B%21&full=%2Fdev%2Fpets%2Fa%20b%2Fc%0D%0A%C3%A9%2B"
    assert received.target == f"/dev/pets/a%20b%2Fc%0D%0A%C3%A9+?{query}"
    assert exchange.explain_request is not None
    assert [mapping.values for mapping in exchange.explain_request()] == [
        ("a b/c \u00e9+",),
        ("/pets/a b/c \u00e9+",),
        ("a b/c\r\n\u00e9+!",),
        ("/dev/pets/a b/c\r\n\u00e9+",),
    ]


@pytest.mark.parametrize(
    ("path", "arrives"),
    [
        ("/x/${request.path.id}", "/x/a%20b%2Fc%25"),
        ("$request.path", "/pets/a%20b%2Fc%25"),
        ("$context.path", "/dev/pets/a%20b%2Fc%25"),
    ],
)
async def test_a_path_that_is_mapped_keeps_what_the_client_wrote(path: str, arrives: str, backend: Backend) -> None:
    parameters = {"overwrite:path": path, "append:header.x-id": "$request.path.id"}
    made = calling({"integrationUri": ALB_LISTENER}, "GET /pets/{id}", parameters, stage="dev")
    async with served(made, {"orders": backend.url}) as client:
        await client.send("GET", "/dev/pets/a%20b%2Fc%25")
        (exchange,) = client.told
    received = await backend.next()
    assert (received.target, received.header("x-id")) == (arrives, "a b/c%")
    assert exchange.explain_request is not None
    explained = {mapping.destination: mapping.values for mapping in exchange.explain_request()}
    assert explained == {"overwrite:path": (arrives,), "append:header.x-id": ("a b/c%",)}


async def test_a_path_is_decoded_in_the_headers_of_an_answer(backend: Backend) -> None:
    mappings: Json = {"append:header.x-path": "$context.path"}
    answers: Json = [{"statusCode": "200", "mappings": mappings}]
    made = calling({"integrationUri": ALB_LISTENER, "responseParameters": answers}, "GET /pets/{id}")
    async with served(made, {"orders": backend.url}) as client:
        got = await client.send("GET", "/pets/a%20b")
    assert got.header("x-path") == "/pets/a b"
