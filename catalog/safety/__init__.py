"""Product safety as the law wants it told (EU 2023/988, GPSR): who made it, who answers for it, what to mind."""
