"""The client of the bare sides: set up as the gateway's is, so that no side is faster for its settings."""

import aiohttp


def bare_client() -> aiohttp.ClientSession:
    """Return a client that sends requests as they are given, over as many connections as there are requests."""
    return aiohttp.ClientSession(
        auto_decompress=False,
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        timeout=aiohttp.ClientTimeout(total=30),
    )
