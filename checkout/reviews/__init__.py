"""What buyers say: written from a bought line or an account, judged by staff, answered by the shop."""
