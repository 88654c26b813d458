"""The one error that is shown to people."""


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure
    """A business rule refuses an action.

    ``str(refused)`` is a whole, translated sentence that says what is wrong and what to do next;
    ``field`` names the form field it belongs to, if there is one.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field
