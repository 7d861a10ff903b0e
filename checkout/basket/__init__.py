"""The basket: a wish. No stock is held; lines are cheap to change."""
