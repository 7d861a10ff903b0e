"""The demo shop "Lumen & Loom, things for a calm home": its catalogue, its people's orders and its drawn pictures, as plain data."""
