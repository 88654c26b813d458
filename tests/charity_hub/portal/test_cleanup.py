"""Drafts and waiting uploads that nobody comes back for."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.utils import timezone

from charity_hub.portal.drafts import KEPT_DAYS, MOST_DRAFTS, delete_old_drafts, save_draft
from charity_hub.portal.models import Draft
from charity_hub.portal.pending_uploads import FOLDER, delete_expired_uploads
from tests import cast

TYPED = QueryDict("note=x")


@pytest.mark.django_db
def test_old_drafts_go_and_younger_ones_stay() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=KEPT_DAYS + 1)):
        save_draft(cast.lan(), "old", TYPED)
    save_draft(cast.lan(), "young", TYPED)
    assert delete_old_drafts() == 1
    assert delete_old_drafts() == 0
    assert Draft.objects.get().form_key == "young"


@pytest.mark.django_db
def test_one_draft_too_many_costs_the_oldest_of_the_same_person() -> None:
    save_draft(cast.bo(), "of somebody else", TYPED)
    for number in range(MOST_DRAFTS + 1):
        save_draft(cast.lan(), str(number), TYPED)
    kept = set(Draft.objects.filter(user=cast.lan()).values_list("form_key", flat=True))
    assert kept == {str(number) for number in range(1, MOST_DRAFTS + 1)}
    assert Draft.objects.filter(user=cast.bo()).exists()


def test_waiting_files_go_after_a_day() -> None:
    default_storage.save(f"{FOLDER}/waiting", ContentFile(b"x"))
    assert delete_expired_uploads() == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert delete_expired_uploads() == 1
        assert delete_expired_uploads() == 0


def test_without_a_folder_there_is_nothing_to_sweep() -> None:
    assert delete_expired_uploads() == 0
