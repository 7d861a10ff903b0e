"""The words of mails about orders: in versions that staff write, look at and publish; each mail keeps which it was."""
