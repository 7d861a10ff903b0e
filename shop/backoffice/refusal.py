"""What the back office itself refuses, in a sentence for the person at the desk."""


class Refused(ValueError):
    """Nothing was written; the message says what to do."""
