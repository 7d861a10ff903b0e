"""Orders that staff prepare for a customer, on the phone or by mail: a link to look, agree and pay."""
