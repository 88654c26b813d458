"""What templates ask about gifts."""

from django import template

from charity_hub.documents.models import Certificate
from donations.money.models import Gift

register = template.Library()


@register.simple_tag
def gift_behind(certificate: Certificate) -> Gift | None:
    """The gift that a certificate acknowledges, as it is today: a consent to publish the name can be
    withdrawn.
    """
    return Gift.objects.select_related("donor").filter(pk=certificate.source_id).first()
