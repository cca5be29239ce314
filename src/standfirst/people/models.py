"""Staff accounts, and the bylines that readers see. An account never shows behind a byline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from standfirst.kit.slugs import slugify_ascii
from standfirst.press.models import Refreshing

# What a short biography may hold.
BIO_FEATURES = ["bold", "italic", "link"]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """A colleague's account at the desk. The e-mail address is the key."""

    email = models.EmailField(_("e-mail address"), unique=True)
    # Two fields because Wagtail's own screens ask for them; everything of ours reads and writes `name`.
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("may open the desk"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @name.setter
    def name(self, value: str) -> None:
        self.first_name, _space, self.last_name = value.strip().partition(" ")

    def get_full_name(self) -> str:
        return self.name or self.email.split("@")[0]

    def get_short_name(self) -> str:
        return self.first_name or self.get_full_name()


# What stands below the list of authors besides the authors.
LIST_ADDRESSES = frozenset({"text", "page", "feed"})


class Byline(Refreshing, ClusterableModel):
    """A name under which the paper prints: a person, a guest, a pen name, or the desk itself."""

    press_kind = "byline"

    class Kind(models.TextChoices):
        PERSON = "person", _("Colleague")
        GUEST = "guest", _("Guest")
        PEN_NAME = "pen_name", _("Pen name")
        DESK = "desk", _("The desk")

    name = models.CharField(_("name as printed"), max_length=150)
    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("Part of the address of the author's page."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    role = models.CharField(_("role"), max_length=150, blank=True, help_text=_("Such as “courts reporter”."))
    bio = RichTextField(_("biography"), features=BIO_FEATURES, blank=True)
    portrait = models.ForeignKey(
        "stories.NewsImage",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    fediverse = models.CharField(_("Fediverse handle"), max_length=150, blank=True, help_text="@name@example.social")
    website = models.URLField(_("website"), blank=True)
    is_listed = models.BooleanField(_("shown on the list of authors"), default=True)
    account = models.ForeignKey(
        User,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bylines",
        help_text=_("Whose byline this is. Never shown to readers."),
    )

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(Byline, self.name)
        if self.slug in LIST_ADDRESSES:
            self.slug = free_slug(Byline, f"{self.slug} author")
        super().save(*args, **kwargs)

    def press_paths(self) -> set[str]:
        return in_every_language(self.get_absolute_url)

    def public_addresses(self) -> list[str]:
        return each_language(self.get_absolute_url)

    def get_absolute_url(self) -> str:
        return reverse("fronts:byline", args=[self.slug])

    def _text(self, language: str | None) -> BylineText | None:
        language = language or get_language()
        # .all() so that a prefetch serves it: one query for all bylines of a page.
        return next((text for text in self.texts.all() if text.language == language), None)

    def name_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.name) or self.name

    def role_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.role) or self.role

    def bio_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.bio) or self.bio


class BylineText(Orderable):
    """A byline in another language of the paper."""

    byline = ParentalKey(Byline, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name as printed"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=150, blank=True)
    bio = RichTextField(_("biography"), features=BIO_FEATURES, blank=True)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["byline", "language"], name="byline_text_once_per_language")]


def each_language(address: Callable[[], str]) -> list[str]:
    """An address in every language of the paper, in their order."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(address())
    return found


def in_every_language(address: Callable[[], str], below: Iterable[str] = ("", "text/")) -> set[str]:
    """An address, and what lies below it, in every language of the paper."""
    return {here + part for here in each_language(address) for part in below}


def free_slug(model: type[models.Model], text: str, *, field: str = "slug", max_length: int = 100) -> str:
    """An ASCII slug of `text` that no row of `model` has yet; -2, -3 … are added on a collision."""
    base = slugify_ascii(text, max_length=max_length - 6)
    slug, number = base, 1
    manager = model._default_manager
    while manager.filter(**{field: slug}).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
