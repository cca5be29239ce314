"""The outbox going out. One sender at a time: the background process, which holds the house's lock.

It claims some deliveries (committed before anything is said to a server), hands them to a few connections, and writes
down each outcome in the journal at once and in the database a moment later.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from standfirst.kit.mailurl import MailUrl
from standfirst.mailroom import audience, journal, lines
from standfirst.mailroom.errors import MailroomRefused
from standfirst.mailroom.journal import Journal, Outcome, outcomes_in
from standfirst.mailroom.models import Delivery, Letter, Subscription, Supplier
from standfirst.mailroom.pace import Pace
from standfirst.mailroom.posting import Form, Post, form_of
from standfirst.mailroom.selectors import not_written_to
from standfirst.mailroom.services.letters import letter_send
from standfirst.mailroom.services.lists import CONFIRM_KIND
from standfirst.mailroom.services.outcomes import deliveries_recover, letters_finish, outcomes_write
from standfirst.mailroom.suppliers import suppliers

# So many are claimed at once: what a killed sender may have in hand.
BATCH = 200
CONNECTIONS = 4
# A supplier that is down is asked again after so many seconds, the last pause over and over.
PAUSES_SECONDS = (30, 60, 300, 900, 1800)
FLUSH_SECONDS = 0.5
JOURNAL = "mail.journal"

log = logging.getLogger("standfirst.mailroom.sending")


@dataclass
class Route:
    """One supplier as the sender sees it."""

    url: MailUrl
    failures: int = 0
    down_until: float = 0.0
    trouble: str = ""


class Sender:
    """Sends what is due, then says when to come again. `stop` lets what is in hand finish and starts no other."""

    def __init__(self, data: Path) -> None:
        self._file = data / "run" / JOURNAL
        self._stopping = threading.Event()
        self._routes = [Route(url) for url in suppliers()]
        newsroom = settings.NEWSROOM
        self._pace = Pace(
            first=newsroom.mail_warm_up, most=newsroom.mail_per_hour, per_domain=newsroom.mail_domain_per_hour
        )
        self._lock = threading.Lock()
        self._journal: Journal | None = None
        self._past_the_dot: set[int] = set()
        # Of what is in hand: which letter each belongs to, and which letters the desk has stopped meanwhile.
        self._letters: dict[int, int] = {}
        self._halted: set[int] = set()
        self._forms: dict[tuple[str, int], Form] = {}
        # How the suppliers stood when it was last written down.
        self._noted = [("", 0.0) for _route in self._routes]

    def stop(self) -> None:
        self._stopping.set()

    def __call__(self) -> dt.datetime | None:
        """Send all that is due; returns when something is due next, or None."""
        if self._journal is None:
            back = deliveries_recover(outcomes_in(self._file))
            if back:
                log.warning("%s mails were in hand when the sender last ended; they are taken up again.", back)
            self._journal = Journal(self._file)
            self._journal.clear()
        self._forms.clear()
        try:
            self._send_what_is_scheduled()
            while not self._stopping.is_set():
                self._meet_suppliers()
                posts = self._claim(self._room())
                if not posts:
                    break
                self._deliver(posts)
                # A letter may take hours, and the desk is to know at once that another supplier has taken over.
                if self._noted != [(route.trouble, route.down_until) for route in self._routes]:
                    self._note_suppliers()
        except BaseException:
            # The database may have gone away: what is in hand is in the journal, and is taken up from there.
            self._journal.close()
            self._journal = None
            raise
        letters_finish()
        self._note_suppliers()
        return self._next_at()

    # What is due -------------------------------------------------------------------------------

    def _send_what_is_scheduled(self) -> None:
        for letter in Letter.objects.filter(state=Letter.State.QUEUED, due_at__lte=timezone.now()).order_by("due_at"):
            try:
                letter_send(letter=letter)
            except MailroomRefused as refusal:
                log.warning("The letter “%s” did not go out: %s", letter, refusal)
                Letter.objects.filter(pk=letter.pk).update(state=Letter.State.STOPPED, finished_at=timezone.now())

    def _room(self) -> int:
        """How many mails to claim now; 0 when no supplier is up or has room. Notes always have some."""
        up = self._up()
        if not up:
            return 0
        return int(min(BATCH, max(1.0, self._pace.room(up[0].url.name))))

    def _claim(self, most: int) -> list[Post]:
        """Take up what is due, notes first; committed when this returns. Who must not be written to is left out."""
        if not most:
            return []
        found = list(due(timezone.now()).select_related("letter__mailing", "note", "subscription")[:most])
        if found and found[0].note_id is None and (wait := self._wait_for_letters()):
            log.debug("Letters wait %.0f seconds for their pace.", wait)
            return []
        refused = not_written_to({one.to for one in found})
        left_out = {one.pk: why for one in found if (why := _why_not(one, refused))}
        taken = [one for one in found if one.pk not in left_out]
        with transaction.atomic():
            for why in set(left_out.values()):
                pks = [pk for pk, said in left_out.items() if said == why]
                Delivery.objects.filter(pk__in=pks).update(state=Delivery.State.SUPPRESSED, answer=why)
            still = Delivery.objects.select_for_update().filter(
                pk__in=[one.pk for one in taken], state__in=[Delivery.State.QUEUED, Delivery.State.DEFERRED]
            )
            held = set(still.values_list("pk", flat=True))
            Delivery.objects.filter(pk__in=held).update(state=Delivery.State.SENDING)
        posts = [self._post(one) for one in taken if one.pk in held]
        self._letters = {one.pk: one.letter_id for one in taken if one.letter_id}
        self._halted = set()
        # All were left out: there may be more behind them.
        return posts or (self._claim(most) if left_out else [])

    def _wait_for_letters(self) -> float:
        up = self._up()
        return self._pace.wait_for_some(up[0].url.name) if up and self._pace.room(up[0].url.name) < 1 else 0.0

    def _post(self, one: Delivery) -> Post:
        name = ("note", one.note_id) if one.note_id else ("letter", one.letter_id)
        form = self._forms.get(name)  # type: ignore[arg-type]
        if form is None:
            form = form_of(one)
            if one.letter_id:
                self._forms["letter", one.letter_id] = form
        return form.post(delivery=one.pk, to=one.to, key=one.subscription.key if one.subscription else "")

    # Over the lines ----------------------------------------------------------------------------

    def _deliver(self, posts: list[Post]) -> None:
        """Hand over a batch; on return all of it is in the database and the journal is empty."""
        waiting: queue.SimpleQueue[Post] = queue.SimpleQueue()
        for post in posts:
            waiting.put(post)
        done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        hands = [
            threading.Thread(target=self._hand, args=(waiting, done), name=f"mail-{number}", daemon=True)
            for number in range(min(CONNECTIONS, len(posts)))
        ]
        for hand in hands:
            hand.start()
        try:
            for hand in hands:
                while hand.is_alive():
                    hand.join(FLUSH_SECONDS)
                    self._halted = _halted(self._letters)
                    outcomes_write(_all(done))
            outcomes_write(
                [*_all(done), *(Outcome(post.delivery, journal.BACK, time.time()) for post in _all(waiting))]
            )
        except BaseException:
            _all(waiting)
            for hand in hands:
                hand.join()
            raise
        if self._journal:
            self._journal.clear()

    def _hand(self, waiting: queue.SimpleQueue[Post], done: queue.SimpleQueue[Outcome]) -> None:
        """One connection's work: mail after mail until none waits. Touches no database."""
        opened: dict[str, lines.Line] = {}
        try:
            while not self._stopping.is_set():
                try:
                    post = waiting.get_nowait()
                except queue.Empty:
                    return
                outcome = self._carried(post, opened)
                if self._journal:
                    self._journal.outcome(outcome)
                done.put(outcome)
        finally:
            for line in opened.values():
                line.close()

    def _carried(self, post: Post, opened: dict[str, lines.Line]) -> Outcome:
        """Deliver one mail; whatever breaks in our own house ends this mail's try and no other's."""
        if self._letters.get(post.delivery) in self._halted:
            return Outcome(post.delivery, journal.BACK, time.time())
        try:
            return self._over(post, opened)
        except Exception as error:
            log.exception("A mail could not be sent.")
            # Nobody knows what a connection speaks of after that.
            while opened:
                opened.popitem()[1].close()
            # Past the dot it may have been taken, and nobody gets a letter twice.
            what = journal.UNSURE if post.delivery in self._past_the_dot else journal.DEFERRED
            return Outcome(post.delivery, what, time.time(), answer=f"We could not send it ({type(error).__name__}).")
        finally:
            self._past_the_dot.discard(post.delivery)

    def _over(self, post: Post, opened: dict[str, lines.Line]) -> Outcome:
        """Deliver one mail by the first supplier that takes it."""
        domain = post.to.rpartition("@")[2]
        said = ""
        for route in self._up():
            name = route.url.name
            wait = self._pace.take(name, domain, is_note=post.is_note)
            if wait:
                return Outcome(post.delivery, journal.BACK, time.time(), again_at=time.time() + wait)
            try:
                line = opened.get(name)
                if line is None:
                    line = lines.line_of(route.url)
                    line.open()
                    opened[name] = line
                answer, foreign_id = line.deliver(post, partial(self._at_the_dot, post, name))
            except lines.SupplierDown as down:
                said = str(down)
                self._down(route, said)
                if name in opened:
                    opened.pop(name).close()
                continue
            except lines.Deferred as later:
                return Outcome(post.delivery, journal.DEFERRED, time.time(), name, str(later))
            except lines.Refused as refused:
                return Outcome(
                    post.delivery, journal.REFUSED, time.time(), name, str(refused), is_address=refused.is_address
                )
            except lines.Unsure as silence:
                self._down(route, str(silence))
                opened.pop(name).close()
                return Outcome(post.delivery, journal.UNSURE, time.time(), name, str(silence))
            self._works(route)
            return Outcome(post.delivery, journal.SENT, time.time(), name, answer, foreign_id)
        again_at = min((route.down_until for route in self._routes), default=time.time() + PAUSES_SECONDS[0])
        return Outcome(post.delivery, journal.BACK, time.time(), answer=said, again_at=again_at)

    def _at_the_dot(self, post: Post, supplier: str) -> None:
        self._past_the_dot.add(post.delivery)
        if self._journal:
            self._journal.at_the_dot(post.delivery, supplier, time.time())

    # Suppliers ---------------------------------------------------------------------------------

    def _up(self) -> list[Route]:
        now = time.time()
        with self._lock:
            return [route for route in self._routes if route.down_until <= now]

    def _down(self, route: Route, said: str) -> None:
        with self._lock:
            if route.down_until > time.time():
                return  # another connection was first
            pause = PAUSES_SECONDS[min(route.failures, len(PAUSES_SECONDS) - 1)]
            route.failures += 1
            route.down_until, route.trouble = time.time() + pause, said
        log.warning("%s takes no mail (%s); it is asked again in %s seconds.", route.url.name, said, pause)

    def _works(self, route: Route) -> None:
        if route.failures:
            with self._lock:
                route.failures, route.down_until, route.trouble = 0, 0.0, ""
            log.warning("%s takes mail again.", route.url.name)

    def _meet_suppliers(self) -> None:
        today = timezone.now().date()
        known = dict(Supplier.objects.values_list("name", "first_used_on"))
        for route in self._routes:
            since = known.get(route.url.name) or today
            self._pace.know(route.url.name, since, today, is_free=route.url.scheme == "file")

    def _note_suppliers(self) -> None:
        """Write down how the suppliers stand, for the desk and the doctor; only what has changed."""
        self._noted = [(route.trouble, route.down_until) for route in self._routes]
        lately = Delivery.objects.exclude(supplier="").filter(sent_at__gte=timezone.now() - dt.timedelta(days=2))
        used = dict(lately.values_list("supplier").annotate(first=Min("sent_at")).order_by())
        for route in self._routes:
            row, _is_new = Supplier.objects.get_or_create(name=route.url.name[:80])
            until = dt.datetime.fromtimestamp(route.down_until, dt.UTC) if route.trouble else None
            first = row.first_used_on or (used[row.name].date() if row.name in used else None)
            if (row.down_until, row.trouble, row.first_used_on) != (until, route.trouble[:300], first):
                row.down_until, row.trouble, row.first_used_on = until, route.trouble[:300], first
                row.at = timezone.now()
                row.save()

    def _next_at(self) -> dt.datetime | None:
        now = timezone.now()
        moments: list[dt.datetime] = []
        due_at = Letter.objects.filter(state=Letter.State.QUEUED).aggregate(at=Min("due_at"))["at"]
        if due_at:
            moments.append(due_at)
        later = _sendable().aggregate(at=Min("next_at"))["at"]
        if later:
            if later <= now:
                # Due, and yet not sent: it waits for its pace, or for a supplier.
                with self._lock:
                    up = [route for route in self._routes if route.down_until <= time.time()]
                    until = min(route.down_until for route in self._routes)
                wait = self._pace.wait_for_some(up[0].url.name) if up else until - time.time()
                later = now + dt.timedelta(seconds=max(wait, 1.0))
            moments.append(later)
        return min(moments, default=None)


def _halted(letters: dict[int, int]) -> set[int]:
    """Those of these letters that an editor has paused or stopped."""
    found = Letter.objects.filter(pk__in=set(letters.values())).exclude(state=Letter.State.SENDING)
    return set(found.values_list("pk", flat=True))


def _all(waiting: queue.SimpleQueue[Any]) -> list[Any]:
    """What is in a queue, taken out."""
    found = []
    with contextlib.suppress(queue.Empty):
        while True:
            found.append(waiting.get_nowait())
    return found


def _sendable() -> QuerySet[Delivery]:
    waiting = Delivery.objects.filter(state__in=[Delivery.State.QUEUED, Delivery.State.DEFERRED])
    return waiting.filter(Q(note__isnull=False) | Q(letter__state=Letter.State.SENDING))


def due(now: dt.datetime) -> QuerySet[Delivery]:
    """What may go now: service mails before letters, then in the order in which it was queued."""
    return _sendable().filter(next_at__lte=now).order_by(F("letter").asc(nulls_first=True), "next_at", "pk")


def _why_not(one: Delivery, suppressed: Iterable[str]) -> str:
    """Why an address is not written to after all; "" when it is."""
    if one.note and one.note.kind == CONFIRM_KIND:
        return ""  # decided when its reader asked for it
    if one.to in suppressed:
        return "The address is not written to."
    if one.letter is None:
        return ""
    if one.subscription is None or one.subscription.state != Subscription.State.ACTIVE:
        return "The reader has left before it was sent."
    if not audience.belongs(one.letter.mailing.audience, one.to):
        return "The reader does not belong to those whom this mailing is for."
    return ""
