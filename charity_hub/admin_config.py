from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    """Django's admin on our own site object."""

    default_site = "charity_hub.people.admin_site.HubAdminSite"
