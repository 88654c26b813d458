import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Kept, OwnersAlone, ReadOnly, Stamped

# Crockford's base 32 without letters that are easily misread on paper.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


def new_code() -> str:
    """A code of 12 characters, 60 bits: cannot be guessed, can be typed."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


class Document(models.Model):
    """A stored file. ``owner_type``/``owner_id`` name the row that decides who may read it."""

    name = models.CharField(_("file name"), max_length=160)
    file = models.FileField(_("file"), upload_to="%Y/%m/", max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    owner_type = models.ForeignKey(
        "contenttypes.ContentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_id = models.BigIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)

    class Meta:
        db_table = "documents_document"
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="document_by_owner")]
        triggers = [
            Kept("document_is_never_deleted"),
            Stamped("document_is_dated_by_the_database", "created_at"),
            ReadOnly("document_content_stays", exclude=["owner_type", "owner_id"]),
            # A file uploaded before its row exists gets its owner once.
            ReadOnly(
                "document_stays_with_its_owner",
                fields=["owner_type", "owner_id"],
                unless="OLD.owner_type_id IS NULL",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KnownCertificateKind(models.Model):
    """A registered kind of certificate and the model of its rows, for PostgreSQL.

    Written only by ``migrate`` (``charity_hub.documents.certificates``). ``source`` is the model,
    ``app.model``; ``view`` lists the source_id and facts that a certificate must have.
    """

    code = models.CharField(_("kind"), max_length=40, primary_key=True)
    source = models.CharField(_("belongs to"), max_length=80)
    view = models.CharField(max_length=63)

    class Meta:
        db_table = "documents_certificate_kind"
        verbose_name = _("kind of certificate")
        verbose_name_plural = _("kinds of certificates")
        triggers = [OwnersAlone("certificate_kinds_are_declared_by_the_code")]

    def __str__(self) -> str:
        return self.code


class Certificate(models.Model):
    """What a person who has a printed document can check: its code shows these facts."""

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    facts = models.JSONField(_("facts"))
    source_type = models.ForeignKey("contenttypes.ContentType", models.PROTECT, related_name="+")
    source_id = models.BigIntegerField()
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_why = models.CharField(_("reason"), max_length=200, blank=True)
    # When another document replaced this one, because its content was corrected.
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        db_table = "documents_certificate"
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "kind"],
                condition=models.Q(replaced_at=None),
                name="certificate_in_force_once_per_source_and_kind",
            ),
        ]
        triggers = [
            Kept("certificate_is_never_deleted"),
            Stamped("certificate_is_dated_by_the_database", "issued_at"),
            ReadOnly(
                "certificate_says_what_was_printed", exclude=["revoked_at", "revoked_why", "replaced_at"]
            ),
            ReadOnly(
                "certificate_is_revoked_once",
                fields=["revoked_at", "revoked_why"],
                unless="OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def spaced_code(self) -> str:
        """The code in groups of four, as printed."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))
