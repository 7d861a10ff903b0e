"""The form of a review. Who bought what is not in it: that is read from the order."""

from django import forms

SCORES = (
    (5, "5 stars: very good"),
    (4, "4 stars: good"),
    (3, "3 stars: fair"),
    (2, "2 stars: poor"),
    (1, "1 star: bad"),
)


class ReviewForm(forms.Form):
    score = forms.TypedChoiceField(
        label="Your rating",
        coerce=int,
        choices=SCORES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Please choose one to five stars.",
            "invalid_choice": "Please choose one to five stars.",
        },
    )
    title = forms.CharField(
        label="In a few words",
        max_length=120,
        error_messages={"required": "Please give it a short title, such as “Softer with every wash”."},
    )
    body = forms.CharField(
        label="Your review",
        max_length=3000,
        min_length=10,
        help_text="Up to 3,000 characters. Plain words: links and markup are taken out.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Please write a sentence or two.",
            "min_length": "Please write a little more: at least 10 characters.",
        },
    )
    name = forms.CharField(
        label="Name shown beside it",
        max_length=60,
        help_text="A first name is enough. Your e-mail address is never shown.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Please give a name; a first name is enough."},
    )
