"""The audit log: who did what to which thing, with before and after. Append-only."""
