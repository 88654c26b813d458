"""The whole site: model, view, urls, application."""

import os
from typing import ClassVar

import django
from django.conf import settings

if not settings.configured:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"
    django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


class Row(models.Model):
    """A row of the table that the portal's page reads too."""

    month = models.DateField()
    kind = models.CharField(max_length=40)
    debits = models.BigIntegerField()
    credits = models.BigIntegerField()

    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "ledger_month_total"


def twenty(request: HttpRequest) -> HttpResponse:
    """One query, twenty rows."""
    return render(request, "twenty.html", {"rows": list(Row.objects.order_by("id")[:20])})


urlpatterns = [path("", twenty)]
application = WSGIHandler()
