"""Files in: a reader per format, the plan (what would change), applying it in batches, undoing it. And files out."""
