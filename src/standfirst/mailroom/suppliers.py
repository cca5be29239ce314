"""The newsroom's suppliers of mail, in the order in which they are tried."""

from __future__ import annotations

from django.conf import settings

from standfirst.kit.mailurl import MailUrl, mail_urls


def suppliers() -> list[MailUrl]:
    """Those of STANDFIRST_MAIL_URL; without any, the folder data/mail."""
    newsroom = settings.NEWSROOM
    found = mail_urls(newsroom.mail_url)
    return found or [MailUrl("file", "folder", path=str(newsroom.data / "mail"))]


def is_delivered() -> bool:
    """Whether mail reaches people, and not only a folder."""
    return any(url.scheme != "file" for url in suppliers())
