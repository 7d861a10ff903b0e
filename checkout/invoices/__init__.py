"""Legal papers: invoices and credit notes in gapless series, their figures frozen, as PDF and as e-invoice (EN 16931)."""
