"""Codes that verify a printed document: anybody who has the document can check its content.

The facts are frozen when the certificate is issued: later changes do not change what was printed.
Each kind is registered once, with the template that shows its facts::

    register_kind(
        "gift", _("Acknowledgement of a gift"), "donations/money/verify.html",
        source="donations.gift", view="donations_gift_certified",
    )

``view`` belongs to the room: ``source_id`` and ``facts`` of each row that may have such a
certificate. PostgreSQL refuses a certificate that differs. ``migrate`` stores the kinds for PostgreSQL.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.apps.registry import Apps
from django.apps.registry import apps as global_apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from charity_hub.documents.models import CODE_ALPHABET, CODE_LENGTH, Certificate, KnownCertificateKind

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


CERTIFICATE_AND_ROW = """
SELECT c.code, k.source, c.source_id
FROM documents_certificate c
JOIN documents_certificate_kind k ON k.code = c.kind
JOIN django_content_type t ON t.id = c.source_type_id
LEFT JOIN {view} said ON said.source_id = c.source_id
WHERE c.kind = %s AND c.revoked_at IS NULL AND c.replaced_at IS NULL
  AND (t.app_label || '.' || t.model <> k.source OR said.facts IS NULL OR NOT c.facts @> said.facts)
ORDER BY c.id
"""

type Certificates = QuerySet[Certificate]


class CertificateKind(NamedTuple):
    title: str | Promise
    template: str
    source: str = ""
    view: str = ""


_kinds: dict[str, CertificateKind] = {}


def register_kind(
    kind: str, title: str | Promise, template: str, *, source: str = "", view: str = ""
) -> None:
    """Register a kind of certificate and the template that shows its ``facts`` and ``certificate``.

    ``source`` is the model of the certified rows; ``view`` lists the facts that their certificates must have.
    """
    _kinds[kind] = CertificateKind(title, template, source, view)


def write_kinds(*, apps: Apps = global_apps, **_signal: Any) -> None:
    """Write the registered kinds to the table that PostgreSQL checks, after each ``migrate``."""
    try:
        known = apps.get_model("charity_hub", "KnownCertificateKind")
    except LookupError:
        return
    written = {code: (source, view) for code, source, view in known.objects.values_list()}
    known.objects.bulk_create(
        [
            known(code=code, source=kind.source, view=kind.view)
            for code, kind in _kinds.items()
            if written.get(code) != (kind.source, kind.view)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["source", "view"],
    )


def kind_of(certificate: Certificate) -> CertificateKind:
    return _kinds[certificate.kind]


def kinds() -> Mapping[str, CertificateKind]:
    """All registered kinds of certificates, by name."""
    return _kinds


def issue(kind: str, source: models.Model, facts: Mapping[str, Any]) -> Certificate:
    """The certificate of this kind for this row: the one in force, or a new one with these facts.

    ``facts`` is the content of the document, as JSON values. It may not contain anything that must be hidden
    from
    a person who finds the document.
    """
    return issue_all(kind, type(source), {source.pk: facts})[source.pk]


def issue_all(
    kind: str, model: type[models.Model], facts: Mapping[int, Mapping[str, Any]]
) -> dict[int, Certificate]:
    """``issue`` for many rows of one model, by their ids, in three queries."""
    if kind not in _kinds:
        raise LookupError(f"no certificate kind {kind!r} is registered")
    of_model, there = ContentType.objects.get_for_model(model), certificates_of(kind, model, facts)
    new = [
        Certificate(kind=kind, source_type=of_model, source_id=pk, facts=dict(said))
        for pk, said in facts.items()
        if pk not in there
    ]
    if not new:
        return there
    # Another process may issue one at the same moment; PostgreSQL keeps one, which is read here.
    Certificate.objects.bulk_create(new, ignore_conflicts=True)
    return certificates_of(kind, model, facts)


def issued_for(
    kind: str, model: type[models.Model], sources: Collection[int] | QuerySet[Any]
) -> Certificates:
    """All certificates of this kind issued for these rows, including replaced ones."""
    of_model = ContentType.objects.get_for_model(model)
    return Certificate.objects.filter(kind=kind, source_type=of_model, source_id__in=sources)


def certificate_of(kind: str, source: models.Model) -> Certificate | None:
    """The certificate of this kind for this row that is in force or revoked; None if none was issued
    or it was replaced.
    """
    return certificates_of(kind, type(source), [source.pk]).get(source.pk)


def certificates_of(kind: str, model: type[models.Model], sources: Collection[int]) -> dict[int, Certificate]:
    """``certificate_of`` for many rows of one model, by their ids; without rows that have none."""
    found = issued_for(kind, model, sources).filter(replaced_at=None)
    return {certificate.source_id: certificate for certificate in found}


def replace(certificates: Certificates) -> None:
    """Mark these certificates as replaced, because their content was corrected."""
    certificates.filter(replaced_at=None).update(replaced_at=timezone.now())


def revoke(certificate: Certificate, why: str) -> None:
    """Revoke a certificate with a reason. The first reason given stays."""
    now = timezone.now()
    Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(revoked_at=now, revoked_why=why)
    certificate.refresh_from_db(fields=["revoked_at", "revoked_why"])


def false_certificates() -> Iterator[str]:
    """A sentence for each certificate in force that does not say what its row says."""
    for known in KnownCertificateKind.objects.exclude(view=""):
        with connection.cursor() as cursor:
            cursor.execute(
                CERTIFICATE_AND_ROW.format(view=connection.ops.quote_name(known.view)), [known.code]
            )
            for code, source, pk in cursor.fetchall():
                yield _("Certificate %(code)s does not say what %(model)s #%(row)s says.") % {
                    "code": code,
                    "model": source,
                    "row": pk,
                }


def read_code(text: str) -> str | None:
    """The code typed by a person, or None if it is not a code.

    Spaces, hyphens, case and the pairs O/0, I/1, L/1, U/V do not matter.
    """
    plain = re.sub(r"[\s\-–—_·.]", "", unicodedata.normalize("NFKC", text)).upper().translate(_MISREAD)
    return plain if len(plain) == CODE_LENGTH and set(plain) <= set(CODE_ALPHABET) else None


def find(text: str) -> Certificate | None:
    """The certificate with a code as typed by a person."""
    code = read_code(text)
    return Certificate.objects.filter(code=code).first() if code else None


def verify_url(certificate: Certificate) -> str:
    """The full address to print, also as a QR code."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('documents:verify', args=[certificate.code])}"
