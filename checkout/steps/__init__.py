"""The checkout page: contact, address, delivery, review in one page; each section saves on its own."""
