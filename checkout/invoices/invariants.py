"""I6 and I9 for papers: no gap in a series, an invoice is its order's money, credit notes are the refunds."""

from shop.doctor.checks import Check

SERIES_HAVE_NO_GAP = Check(
    id="I9.3",
    name="Invoice and credit note numbers run from 1 without a gap",
    sql="""
        SELECT s.code, s.last_number, count(p.id) AS papers, max(p.number) AS highest
        FROM checkout_paperseries s LEFT JOIN checkout_paper p ON p.series_id = s.code
        GROUP BY s.code, s.last_number
        HAVING count(p.id) <> s.last_number OR coalesce(max(p.number), 0) <> s.last_number
    """,
    repair="Somebody removed a paper past the shop: restore it from a backup.",
)
INVOICE_IS_THE_ORDER = Check(
    id="I6.3",
    name="An invoice's total and tax are its order's, and its parts sum to them",
    sql="""
        SELECT p.label, o.number, p.figures->>'total' AS invoiced, o.total_incl_tax AS ordered
        FROM checkout_paper p JOIN order_order o ON o.id = p.order_id
        WHERE p.kind = 'invoice' AND (
            (p.figures->>'total')::numeric <> o.total_incl_tax
            OR (p.figures->>'total_net')::numeric <> o.total_excl_tax
            OR (p.figures->>'total_net')::numeric + (p.figures->>'total_tax')::numeric <> o.total_incl_tax
            OR (SELECT coalesce(sum((row->>'gross')::numeric), 0)
                FROM jsonb_array_elements(p.figures->'taxes') AS row) <> o.total_incl_tax)
    """,
    repair="Write a credit note over the wrong invoice; an invoice is never edited.",
)
REFUNDS_ARE_CREDITED = Check(
    id="I6.4",
    name="What went back of an invoice's payment stands on its credit notes, some minutes later, and no more than that",
    sql="""
        WITH paid AS (
            SELECT a.id, i.id AS invoice, i.label, (i.figures->>'total')::numeric AS invoiced
            FROM checkout_paymentattempt a
            JOIN checkout_paper i ON i.order_id = a.order_id AND i.kind = 'invoice'
            WHERE a.state = 'paid'
        ), back AS (
            SELECT r.attempt_id, sum(r.amount) FILTER (WHERE r.state = 'succeeded') AS gone,
                   sum(r.amount) FILTER (WHERE r.state = 'failed' AND c.id IS NOT NULL) AS bounced,
                   max(r.updated_at) AS latest
            FROM checkout_refund r LEFT JOIN checkout_paper c ON c.refund_id = r.id
            GROUP BY r.attempt_id
        ), notes AS (
            SELECT corrects_id, sum((figures->>'total')::numeric) AS credited
            FROM checkout_paper WHERE corrects_id IS NOT NULL GROUP BY corrects_id
        )
        SELECT paid.label, paid.invoiced, coalesce(back.gone, 0) AS refunded, coalesce(notes.credited, 0) AS credited
        FROM paid LEFT JOIN back ON back.attempt_id = paid.id LEFT JOIN notes ON notes.corrects_id = paid.invoice
        WHERE (back.latest IS NULL OR back.latest < now() - interval '5 minutes')
          AND (coalesce(notes.credited, 0) < coalesce(back.gone, 0)
               OR coalesce(notes.credited, 0) > coalesce(back.gone, 0) + coalesce(back.bounced, 0)
               OR coalesce(notes.credited, 0) > paid.invoiced)
    """,
    repair="Retry the job refund.succeeded of that payment's refunds: it writes each credit note once.",
)
PAID_ORDERS_ARE_INVOICED = Check(
    id="I9.4",
    name="Each paid order has its invoice, some minutes after it was paid",
    sql="""
        SELECT o.id AS "order", o.number, p.paid_at
        FROM order_order o JOIN checkout_placedorder p ON p.order_id = o.id
        WHERE o.status IN ('paid', 'partly shipped', 'shipped') AND p.paid_at < now() - interval '5 minutes'
          AND NOT EXISTS (SELECT 1 FROM checkout_paper i WHERE i.order_id = o.id AND i.kind = 'invoice')
    """,
    repair="Retry the job order.paid of that order: it writes the invoice once.",
)

CHECKS = (INVOICE_IS_THE_ORDER, REFUNDS_ARE_CREDITED, SERIES_HAVE_NO_GAP, PAID_ORDERS_ARE_INVOICED)
