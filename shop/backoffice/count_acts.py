"""What is done with a count sheet: brought in, finished, counted again, posted, thrown away."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from inventory.counting import cancel_sheet, count_again, count_lines, finish_counting, post_sheet
from inventory.models import CountSheet
from shop.backoffice.acts import Act, PlainForm, ReasonForm
from shop.backoffice.count_files import read_counts
from shop.backoffice.moving import MOVE
from shop.backoffice.refusal import Refused


class FileForm(PlainForm):
    text = forms.CharField(
        label="The filled-in sheet",
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="Paste the rows of the file, with the first row: sku,product,counted,counted_at.",
    )


def build_bring_in(sheet: CountSheet, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        found = count_lines(sheet.pk, read_counts(sheet, data["text"].encode()), actor_name=str(actor))
        return f"{found} counts written down."

    return Act(
        title=f"Bring in {sheet}",
        permission=MOVE,
        sentences=[
            "Rows without a count are passed over. With a time in counted_at each row is compared with the ledger of that"
            " minute, without one with the ledger of now.",
        ],
        button="Write these counts down",
        form=FileForm,
        do=do,
        back=back,
    )


def build_finish(sheet: CountSheet, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        finish_counting(sheet.pk)
        return "The counting is finished; these are the differences. Nothing is posted yet."

    left = sheet.lines.filter(counted__isnull=True).count()
    return Act(
        title=f"Finish counting {sheet}",
        permission=MOVE,
        sentences=[
            f"{left} SKUs have not been counted; they stay as they are." if left else "Every SKU has been counted.",
            "Next you see the differences, and post them or have lines counted again.",
        ],
        button="Show the differences",
        do=do,
        back=back,
        action="finish counting",
        subject=("countsheet", sheet.pk),
    )


def build_again(sheet: CountSheet, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        wrong = [line.pk for line in sheet.lines.filter(posted_at__isnull=True) if line.difference]
        count_again(sheet.pk, line_ids=wrong)
        return f"{len(wrong)} lines are open again."

    return Act(
        title=f"Count again: {sheet}",
        permission=MOVE,
        sentences=["The counts of all lines that differ are forgotten, and their lines are open to be counted anew."],
        button="Count these again",
        do=do,
        back=back,
        action="count again",
        subject=("countsheet", sheet.pk),
    )


def build_post(sheet: CountSheet, actor: Any, back: str) -> Act:
    lines = [line for line in sheet.lines.filter(posted_at__isnull=True) if line.difference]
    net = sum(line.difference for line in lines)

    def do(data: Mapping[str, Any]) -> str:
        posted = post_sheet(sheet.pk, reason=data["reason"], actor_name=str(actor))
        if posted.refused:
            raise Refused(f"{posted.lines} posted. These could not be: {' '.join(posted.refused[:5])}")
        return f"Posted: {posted.lines} differences stand in the stock ledger."

    return Act(
        title=f"Post {sheet}",
        permission=MOVE,
        sentences=[
            f"{len(lines)} lines differ, {net:+d} units altogether. Each difference becomes a movement with your name.",
            "What was sold or received since a line was counted is not touched.",
        ],
        button="Post the differences",
        form=ReasonForm,
        do=do,
        back=back,
        is_costly=True,
        action="post count",
        subject=("countsheet", sheet.pk),
    )


def build_cancel(sheet: CountSheet, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        cancel_sheet(sheet.pk)
        return "The sheet is thrown away; the stock is as it was."

    return Act(
        title=f"Throw away {sheet}",
        permission=MOVE,
        sentences=["Nothing of it is posted. The counts stay readable here."],
        button="Throw it away",
        form=ReasonForm,
        do=do,
        back=back,
        action="cancel count sheet",
        subject=("countsheet", sheet.pk),
    )


COUNT_ACTS: Mapping[str, Callable[[CountSheet, Any, str], Act]] = {
    "bring-in": build_bring_in,
    "finish": build_finish,
    "again": build_again,
    "post": build_post,
    "cancel": build_cancel,
}
