"""An answer that is passed on as it comes, for ``responseTransferMode: STREAM``.

Source: "Stream the integration response for your proxy integrations in API Gateway": such an answer may be of any size,
API Gateway does not compress it, and takes it for bytes, whatever its media type is.
"""

from collections.abc import AsyncIterator

from aiohttp import web

from apigateway.mapping.data import Pairs
from local.gateway.headers import without
from local.gateway.replies import StreamedReply
from local.gateway.rest.response import passed
from local.gateway.upstream import Answered


class Stream:
    """The way of one answer from the integration to the client, who gets ``marks`` among its headers."""

    def __init__(self, request: web.BaseRequest, marks: Pairs) -> None:
        self._request = request
        self._marks = marks
        self.response: web.StreamResponse | None = None
        """What the client has been sent the beginning of, once there is one."""
        self.left = False
        """Whether the client went away before the end."""

    async def pass_on(self, head: Answered, chunks: AsyncIterator[bytes]) -> None:
        """Send the head, and every piece of the body when it is there."""
        answer = passed(head, (), sized=True)
        headers = (*without(answer.headers, {name.lower() for name, _ in self._marks}), *self._marks)
        self.response = StreamedReply(status=answer.status, headers=headers)
        try:
            await self.response.prepare(self._request)
            async for chunk in chunks:
                await self.response.write(chunk)
            await self.response.write_eof()
        except ConnectionError:
            self.left = True

    def cut(self) -> None:
        """End the connection where it has begun, so that nobody takes what was sent for the whole answer."""
        if self.response is not None and self._request.transport is not None:
            self._request.transport.abort()
