"""What the shop owes an explanation for: every page that broke, kept until a person has looked into it."""
