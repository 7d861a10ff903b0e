"""Collections: products gathered by a rule or by hand. Membership by rule is judged at read, so it is never stale."""
