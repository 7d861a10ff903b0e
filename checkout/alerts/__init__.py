"""Who waits for what: mails when a thing is back, or costs less. In this room because it owns the mails and hears the
outbox events of inventory and catalog, which know nobody's address.
"""
