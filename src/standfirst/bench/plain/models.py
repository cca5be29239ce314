"""Wagtail's own blocks and nothing of ours: a date, an introduction, a picture, a stream of text and pictures."""

from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page


class PlainArticle(Page):
    date = models.DateField()
    intro = models.TextField(blank=True)
    image = models.ForeignKey("stories.NewsImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    body = StreamField([("text", blocks.RichTextBlock()), ("image", ImageChooserBlock(template="plain/image.html"))])

    template = "plain/article.html"
