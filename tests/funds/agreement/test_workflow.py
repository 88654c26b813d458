"""The workflow of versions of agreements, walked whole."""

from pathlib import Path

import pytest

from funds.agreement.workflow import AGREEMENT, return_version, withdraw_version
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.workflow import wind_up_fund
from tests.builders import active_fund, agreement_version
from tests.cast import mei, ping
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db


def version_in(state: str) -> AgreementVersion:
    """A version that Mei proposed and Ping decided on."""
    if state == VersionState.AGREED:
        return agreement_version(active_fund())
    version = agreement_version(active_fund(), state=VersionState.PROPOSED)
    if state == VersionState.RETURNED:
        return_version(version, "请补充。", actor=ping())
    if state == VersionState.WITHDRAWN:
        withdraw_version(version, actor=mei())
    if state == VersionState.ENDED:
        wind_up_fund(version.fund, "到期", actor=ping())
    version.refresh_from_db()
    return version


def test_every_move_by_everybody_in_every_state() -> None:
    assert_walks(AGREEMENT, made=version_in, data={}, golden=Path(__file__).parent / "moves.txt")


def test_move_without_its_history_row_is_refused() -> None:
    version = agreement_version(active_fund(), state=VersionState.PROPOSED)
    with refused_by("agreementversion_moves_are_recorded"):
        sql("UPDATE funds_agreement_version SET state = 'withdrawn' WHERE id = %s", version.pk)
