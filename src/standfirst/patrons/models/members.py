"""Who came along with a list from elsewhere."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Member(models.Model):
    """A person of a list that was brought in, with what stood there besides money and letters."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True, default="")
    language = models.CharField(max_length=20, blank=True, default="")
    joined_at = models.DateTimeField(null=True, blank=True)
    labels = models.JSONField(default=list)
    note = models.TextField(max_length=2000, blank=True, default="")
    #: Which list, and the person's number in it.
    origin = models.CharField(max_length=60, blank=True, default="")
    number = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.email
