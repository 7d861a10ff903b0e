"""Basket to paid order: basket, quote, placement, payments, tax, life of an order, mails, accounts."""
