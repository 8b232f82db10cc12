"""The text part of a mail, drawn from its html: paragraphs as lines, links with their address."""

from html.parser import HTMLParser

PARAGRAPHS = {"p", "h1", "h2", "li", "hr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.link = dict(attrs).get("href") or ""
        elif tag == "hr":
            self.words.append("\n-- \n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            self.words.append(f" {self.link}")
        elif tag in PARAGRAPHS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip("\n"))


def plain_text(html: str) -> str:
    """The words of a simple html document, one paragraph a line."""
    reader = _Reader()
    reader.feed(html)
    lines = [line.strip() if line != "-- " else line for line in "".join(reader.words).split("\n")]
    return "\n".join(line for line in lines if line) + "\n"
