"""The ground: configuration and shop-wide words (money, outbox, audit, doctor, embedded services)."""
