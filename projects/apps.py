from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Social-work projects, micro-grants, evaluation."""

    name = "projects"
    verbose_name = "Projects"
