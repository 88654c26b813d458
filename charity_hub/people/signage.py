"""What this room hangs up when the house opens: the receivers that guard and note the door."""

from importlib import import_module


def register() -> None:
    """Connect the receivers of sign-in signals and the system checks; called once from ``ready()``."""
    import_module("charity_hub.people.audit")
    import_module("charity_hub.people.checks")
    import_module("charity_hub.people.second_factor")
