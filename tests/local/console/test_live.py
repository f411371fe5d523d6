from local.console.live import Page, Pages


async def test_a_page_takes_what_is_queued_at_once() -> None:
    page = Page()
    page.push({"type": "a"})
    page.push({"type": "b"})
    await page.wait(60)
    assert page.take() == [{"type": "a"}, {"type": "b"}]
    assert page.take() == []


async def test_a_page_that_is_behind_loses_events_and_is_told_so_once() -> None:
    page = Page(most=2)
    for _ in range(5):
        page.push({"type": "a"})
    assert page.take() == [{"type": "a"}, {"type": "a"}, {"type": "dropped", "count": 3}]
    page.push({"type": "b"})
    assert page.take() == [{"type": "b"}]


async def test_a_wait_ends_by_itself() -> None:
    page = Page()
    await page.wait(0)
    assert page.take() == []


def test_nobody_is_told_where_no_page_is_open() -> None:
    pages = Pages()
    assert not pages
    pages.push({"type": "a"})
