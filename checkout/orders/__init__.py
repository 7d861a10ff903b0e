"""The life of an order: states, timeline, access link, mails, pages."""
