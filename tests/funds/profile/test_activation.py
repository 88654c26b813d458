"""From a proposal to an active fund with its books open."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from charity_hub.admin_history import changes_of
from charity_hub.errors import Refused
from charity_hub.ledger.models import Account, Transfer
from charity_hub.workflow.actions import history
from funds.profile.accounts import bank_of, money_of
from funds.profile.actions import amend_fund, propose_fund
from funds.profile.models import Fund, FundState
from funds.profile.terms import NewPurpose
from funds.profile.workflow import activate_fund, return_fund, submit_fund
from tests.builders import PURPOSES, active_fund, draft_fund, proposal, purpose_of, region
from tests.cast import ada, jun, mei, ping, rui
from tests.funds.broken_store import fill_the_disk

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def under_review(**fields: object) -> Fund:
    fund = draft_fund(**fields)
    submit_fund(fund, actor=mei())
    return fund


def test_first_fund_of_a_street_gets_number_one() -> None:
    assert draft_fund().code == "JJ-440605011-01"


def test_next_fund_of_a_street_gets_the_next_number() -> None:
    draft_fund()
    assert draft_fund(name="第二个基金").code == "JJ-440605011-02"


def test_community_fund_carries_the_community_code() -> None:
    community = region("440605011001", "示例社区")
    assert propose_fund(proposal(region=community), actor=mei()).code == "JJ-440605011001-01"


def test_name_left_empty_becomes_the_customary_one() -> None:
    assert draft_fund().name == "桂城示例慈善会桂城街道慈善基金"


def test_own_name_is_kept() -> None:
    assert draft_fund(name="关爱基金").name == "关爱基金"


def test_purposes_get_short_names_from_their_spelling() -> None:
    fund = draft_fund(purposes=[NewPurpose("助学"), NewPurpose("不限定", restricted=False)])
    assert list(fund.purposes.values_list("slug", flat=True)) == ["zhu-xue", "unrestricted"]


def test_purposes_that_sound_alike_get_different_short_names() -> None:
    fund = draft_fund(purposes=[NewPurpose("助学"), NewPurpose("住学")])
    assert list(fund.purposes.values_list("slug", flat=True)) == ["zhu-xue", "zhu-xue-2"]


def test_staff_of_another_street_cannot_propose_here() -> None:
    with pytest.raises(PermissionDenied):
        propose_fund(proposal(), actor=jun())


def test_draft_is_amended_whole() -> None:
    fund = draft_fund()
    amend_fund(fund, proposal(aim="新的目的", purposes=[NewPurpose("不限定", restricted=False)]), actor=mei())
    fund.refresh_from_db()
    assert (fund.aim, fund.purposes.count(), fund.committee.count()) == ("新的目的", 1, 6)


def test_history_says_who_changed_the_draft_and_which_parts() -> None:
    fund = draft_fund()
    amend_fund(fund, proposal(aim="新的目的", management_fee_bp=300), actor=mei())
    last = history(fund).last()
    assert last is not None
    assert (last.old, last.new, last.actor) == ("draft", "draft", mei())
    assert last.why == "Changed: purpose of the fund、management fee."


def test_same_proposal_once_more_changes_nothing() -> None:
    fund = draft_fund()
    purposes = list(fund.purposes.values_list("pk", flat=True))
    amend_fund(fund, proposal(), actor=mei())
    assert history(fund).count() == 1
    assert list(fund.purposes.values_list("pk", flat=True)) == purposes


def test_changed_committee_and_purposes_are_told() -> None:
    fund = draft_fund()
    amend_fund(fund, proposal(committee=[], purposes=PURPOSES[:2]), actor=mei())
    last = history(fund).last()
    assert last is not None
    assert last.why == "Changed: purposes、committee and supervisor."


def test_draft_whose_agreement_cannot_be_stored_is_not_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)
    with pytest.raises(Refused) as refused:
        propose_fund(proposal(), actor=mei(), papers=[SimpleUploadedFile("协议.pdf", PDF)])
    assert refused.value.field == "paper"
    assert not Fund.objects.exists()


def test_fund_under_review_is_not_amended() -> None:
    with pytest.raises(Refused):
        amend_fund(under_review(), proposal(), actor=mei())


def test_amending_cannot_move_a_fund_to_another_region() -> None:
    community = region("440605011001", "示例社区")
    with pytest.raises(Refused) as refused:
        amend_fund(draft_fund(), proposal(region=community), actor=mei())
    assert refused.value.field == "region"


def test_submitting_twice_is_a_quiet_no_op() -> None:
    fund = under_review()
    assert submit_fund(fund, actor=mei()) is False


def test_who_submitted_a_fund_does_not_activate_it() -> None:
    fund = draft_fund()
    submit_fund(fund, actor=ada())
    with pytest.raises(Refused):
        activate_fund(fund, actor=ada())


def test_given_back_fund_is_a_draft_with_the_reason_in_its_history() -> None:
    fund = under_review()
    return_fund(fund, "请补充监督员。", actor=ping())
    latest = history(fund).last()
    assert latest is not None
    assert (latest.new, latest.why, latest.actor) == (FundState.DRAFT, "请补充监督员。", ping())


def test_giving_back_needs_a_reason() -> None:
    with pytest.raises(Refused) as refused:
        return_fund(under_review(), "  ", actor=ping())
    assert refused.value.field == "reason"


def test_officer_of_another_charity_does_not_review() -> None:
    with pytest.raises(PermissionDenied):
        return_fund(under_review(), "不行", actor=rui())


def test_activation_posts_the_seed_money_to_the_unrestricted_purpose() -> None:
    fund = active_fund(seed_money_fen=12_345)
    net, _committed = purpose_of(fund).accounts
    assert (bank_of(fund).balance, net.normal_balance) == (12_345, 12_345)


def test_seed_money_is_a_transfer_of_kind_seed_that_names_the_giver() -> None:
    active_fund()
    seed = Transfer.objects.get(kind="seed")
    assert (seed.memo, seed.actor) == ("桂城示例企业", ping())


def test_fund_without_seed_money_posts_nothing() -> None:
    active_fund(seed_money_fen=0, seed_money_from="")
    assert not Transfer.objects.exists()


def test_activation_opens_bank_and_two_accounts_a_purpose() -> None:
    fund = active_fund()
    assert set(Account.objects.filter(book__fund=fund).values_list("code", flat=True)) == {
        "bank:JJ-440605011-01",
        *(
            f"{kind}:JJ-440605011-01:{slug}"
            for kind in ("net", "committed")
            for slug in ("elder-home-safety", "children", "schooling", "unrestricted")
        ),
    }


def test_activating_twice_is_a_quiet_no_op() -> None:
    fund = active_fund()
    assert activate_fund(fund, actor=ping()) is False
    assert money_of(fund).total == 10_000_000


def test_proposer_does_not_activate_even_as_administrator() -> None:
    fund = propose_fund(proposal(), actor=ada())
    submit_fund(fund, actor=ada())
    with pytest.raises(Refused):
        activate_fund(fund, actor=ada())


def test_draft_is_not_activated() -> None:
    with pytest.raises(Refused):
        activate_fund(draft_fund(), actor=ping())


def test_fund_is_not_activated_before_its_agreement_begins() -> None:
    fund = under_review(starts_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        activate_fund(fund, actor=ping())
    assert refused.value.field == "starts_on"


def test_host_that_lost_its_qualification_meanwhile_is_refused_at_activation() -> None:
    fund = under_review()
    type(fund.host).objects.update(may_fundraise_publicly=False)
    with pytest.raises(Refused) as refused:
        activate_fund(fund, actor=ping())
    assert refused.value.field == "host"


def test_what_changes_in_a_fund_is_kept_in_its_history_table() -> None:
    fund = active_fund()
    moved = [str(state.label) for state in (FundState.ACTIVE, FundState.UNDER_REVIEW, FundState.DRAFT)]
    assert [change.new for change in changes_of(fund) if change.new in moved] == moved
