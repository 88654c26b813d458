"""Publishing a fund's documents one by one: a document is not public until a person publishes it."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.documents.models import Document
from charity_hub.documents.permissions import owner_of
from charity_hub.errors import Refused
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, record
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.models import PUBLIC_STATES, Fund, PublicPaper
from funds.profile.permissions import works_for_host, works_for_street


def papers_of(fund: Fund, versions: Iterable[int] | None = None) -> QuerySet[Document]:
    """The documents of a fund and of the agreed versions of its agreement, oldest first.

    ``versions`` are the ids of those versions, if the caller has them already.
    """
    if versions is None:
        agreed = AgreementVersion.objects.agreed().filter(fund=fund).order_by()
        versions = agreed.values_list("pk", flat=True)
    kind_of = ContentType.objects.get_for_model
    return Document.objects.filter(
        Q(owner_type=kind_of(fund), owner_id=fund.pk)
        | Q(owner_type=kind_of(AgreementVersion), owner_id__in=versions)
    )


def public_papers_of(fund: Fund, versions: Iterable[int]) -> QuerySet[Document]:
    """The public documents of a public fund and of these versions of its agreement."""
    return papers_of(fund, versions).filter(public_paper__isnull=False)


def is_public(document: Document) -> bool:
    """Whether everybody may read this document of a fund: it is published, and the fund itself is public."""
    fund = _fund_of(document)
    marked = PublicPaper.objects.filter(document=document).exists()
    return marked and fund is not None and fund.state in PUBLIC_STATES


def _fund_of(document: Document) -> Fund | None:
    """The fund that the document belongs to, directly or by a version of its agreement; None without one."""
    owner = owner_of(document)
    if isinstance(owner, AgreementVersion):
        return owner.fund if owner.state == VersionState.AGREED else None
    return owner if isinstance(owner, Fund) else None


@transaction.atomic
def show_paper(document: Document, *, actor: User) -> bool:
    """Publish a fund's document. ``actor`` works for its street or its host charity."""
    fund = _locked(document, actor)
    _marked, made = PublicPaper.objects.get_or_create(document=document, defaults={"by": actor})
    if made:
        _tell(fund, lambda: _("“%(name)s” is published from now on."), document, actor)
    return made


@transaction.atomic
def hide_paper(document: Document, *, actor: User) -> bool:
    """Withdraw a fund's document from the public. ``actor`` works for its street or its host charity."""
    fund = _locked(document, actor)
    hidden, _rows = PublicPaper.objects.filter(document=document).delete()
    if hidden:
        _tell(fund, lambda: _("“%(name)s” is unpublished."), document, actor)
    return bool(hidden)


def _locked(document: Document, actor: User) -> Fund:
    fund = _fund_of(document)
    if fund is None:
        raise Refused(_("This file belongs to no fund. Open it from the page where it was added."))
    fund = lock(fund)
    require(works_for_street(actor, fund) or works_for_host(actor, fund))
    return fund


def _tell(fund: Fund, sentence: Callable[[], str], document: Document, actor: User) -> None:
    with override(settings.LANGUAGE_CODE):
        why = sentence() % {"name": document.name}
    record(fund, fund.state, fund.state, actor=actor, why=why)
