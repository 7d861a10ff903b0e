"""What staff may do beyond looking at and editing rows: each act is a permission of its own."""

from django.db import models


class Right(models.Model):
    """Has no table: it only carries the permissions `backoffice.<codename>`."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("cancel_order", "Cancel an order"),
            ("refund_order", "Refund a payment"),
            ("approve_refund", "Approve the refund of somebody else"),
            ("match_transfer", "Match bank transfers and send money back"),
            ("settle_payment", "Ask the provider about a payment"),
            ("release_payment", "Let a held payment through"),
            ("settle_vat", "Ask about VAT ids and settle their cases"),
            ("prepare_order", "Prepare an order for a customer"),
            ("give_discount", "Give a discount on a prepared order"),
            ("note_order", "Write a note on an order"),
            ("resend_mail", "Send a mail again"),
            ("word_mail", "Write and publish the words of mails"),
            ("renew_link", "Renew the link of an order page"),
            ("pick_shipment", "Print pick lists and mark as picked"),
            ("dispatch_shipment", "Dispatch a shipment"),
            ("move_stock", "Count and receive stock"),
            ("hear_of_low_stock", "Hear of low stock once a day"),
            ("change_price", "Change prices"),
            ("moderate_review", "Approve and reject reviews"),
            ("retry_job", "Retry parked jobs"),
            ("ask_doctor", "Run the doctor"),
            ("see_reports", "See reports"),
            ("export_data", "Export lists"),
            ("see_feeds", "See product feeds and have them checked"),
        ]

    def __str__(self) -> str:
        return "right"
