"""Insight: sales, funnel, margin, budget, scope, read from the ledgers."""
