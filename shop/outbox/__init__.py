"""The outbox: everything that must happen later is a row written in the business transaction.

`publish` writes the row, `relay` hands due rows to Celery, `subscribe` names the functions that handle them.
"""
