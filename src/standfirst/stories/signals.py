"""The room's news. Delivered by the background process at least once: receivers must bear hearing it twice."""

from django.dispatch import Signal

# A story's public version was frozen. Sent with story_id: int, version: int (the number) after the commit.
story_published = Signal()
# A once-public story left the paper. Sent with story_id: int after the commit.
story_withdrawn = Signal()
# A public version is being frozen. The one piece of news that is told inside the publishing transaction: what must
# exist together with a version or not at all is written by its receivers, to the database and nowhere else. Sent with
# version: PublicVersion, before: PublicVersion | None (the one it follows), editor: User | None (whose act it is).
version_frozen = Signal()
